import { useState } from "react";
import { useSession } from "@/api/session";
import type { Ticket, TicketStatus } from "./api/list-tickets";

/** The tab of the inbox: where the first conversation stands, then where the person clicks; it goes along when they accept one. */
export function useInboxTab(ticket: Ticket | undefined) {
  const { user } = useSession();
  const [tab, setTab] = useState<TicketStatus>("open");
  const [seen, setSeen] = useState<Ticket | undefined>(undefined);
  if (ticket !== seen) {
    setSeen(ticket);
    const isAccepted = seen?.id === ticket?.id && seen?.status === "pending" && ticket?.status === "open" && ticket.assignee?.id === user.id;
    if (ticket && (isAccepted || seen === undefined)) setTab(ticket.status);
  }
  return [tab, setTab] as const;
}
