import { formatPhone } from "@/lib/format";
import type { Ticket } from "./api/list-tickets";

/** The customer's name, or their number as people write it. */
export const nameOf = ({ contact }: Ticket) => contact.name || (contact.phone ? formatPhone(contact.phone) : contact.display_name);
