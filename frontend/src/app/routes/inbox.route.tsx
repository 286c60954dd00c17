import { InboxPage } from "@/features/tickets/inbox-page";
import { shownLater } from "@/lib/shown-later";

const ContactPanel = shownLater(() => import("@/features/contacts/contact-panel").then((part) => part.ContactPanel));
const TicketTags = shownLater(() => import("@/features/tickets/ticket-tags").then((part) => part.TicketTags));

export function Component() {
  return <InboxPage panel={(ticket, onClose) => <ContactPanel key={ticket.contact.id} contactId={ticket.contact.id} onClose={onClose}><TicketTags ticket={ticket} /></ContactPanel>} />;
}
