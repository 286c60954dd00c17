import { ContactPanel } from "@/features/contacts/contact-panel";
import { InboxPage } from "@/features/tickets/inbox-page";

export function Component() {
  return <InboxPage panel={(ticket, onClose) => <ContactPanel key={ticket.contact.id} contactId={ticket.contact.id} onClose={onClose} />} />;
}
