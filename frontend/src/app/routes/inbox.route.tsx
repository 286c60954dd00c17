import { ContactPanel } from "@/features/contacts/contact-panel";
import { InboxPage } from "@/features/tickets/inbox-page";
import { TicketTags } from "@/features/tickets/ticket-tags";

export function Component() {
  return <InboxPage panel={(ticket, onClose) => <ContactPanel key={ticket.contact.id} contactId={ticket.contact.id} onClose={onClose}><TicketTags ticket={ticket} /></ContactPanel>} />;
}
