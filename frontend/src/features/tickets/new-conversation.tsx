import { Button, Group, Modal, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionsQuery, queuesQuery, usualConnection } from "@/api/lookups";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { randomId } from "@/lib/random-id";
import { useStartTicket } from "./api/start-ticket";
import { ContactSelect } from "./contact-select";

type Props = { contactId: number | null; onClose: () => void; onStarted: (ticketId: number) => void };

/** A conversation that we begin: with a contact, or with a number that is typed. */
export function NewConversation({ contactId, onClose, onStarted }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const start = useStartTicket();
  const connections = useQuery(connectionsQuery).data ?? [];
  const queues = useQuery(queuesQuery).data ?? [];
  const [key] = useState(randomId);
  const [kind, setKind] = useState<"contact" | "number">("contact");
  const [contact, setContact] = useState(contactId ? String(contactId) : null);
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [connectionChoice, setConnection] = useState<string | null>(null);
  const [queue, setQueue] = useState<string | null>(null);
  const usual = usualConnection(connections);
  const connection = connectionChoice ?? (usual ? String(usual.id) : null);
  const isReady = connection !== null && (kind === "contact" ? contact !== null : number.trim() !== "");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    const who = kind === "contact" ? { contact: Number(contact) } : { number: number.trim(), name: name.trim() };
    start.mutate({ key: `${key}.${kind}.${contact ?? ""}.${number.trim()}.${connection}`, connection: Number(connection), queue: queue ? Number(queue) : null, ...who }, { onSuccess: (ticket) => onStarted(ticket.id) });
  };

  return (
    <Modal opened onClose={onClose} title={t("tickets.new.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {start.error && <FormError>{words(start.error)}</FormError>}
          <SegmentedControl fullWidth value={kind} onChange={(value) => setKind(value === "number" ? "number" : "contact")} data={[{ value: "contact", label: t("tickets.new.contact") }, { value: "number", label: t("tickets.new.number") }]} />
          {kind === "contact" ? (
            <ContactSelect value={contact} onChange={setContact} />
          ) : (
            <>
              <TextInput type="tel" label={t("tickets.new.phone")} description={t("tickets.new.phoneText")} placeholder="+55 11 98765-4321" value={number} onChange={(event) => setNumber(event.currentTarget.value)} data-autofocus />
              <TextInput label={t("tickets.new.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            </>
          )}
          <Select label={t("tickets.new.connection")} allowDeselect={false} data={connections.map((item) => ({ value: String(item.id), label: item.name }))} value={connection} onChange={setConnection} />
          <Select label={t("tickets.queue")} placeholder={t("tickets.noQueue")} clearable data={queues.map((item) => ({ value: String(item.id), label: item.name }))} value={queue} onChange={setQueue} />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" disabled={!isReady} loading={start.isPending}>{t("tickets.new.start")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
