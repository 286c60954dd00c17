import { Button, Group, Modal, SegmentedControl, Select, Stack, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { queuesQuery, usersQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { type Presence, PresentAvatar } from "@/components/present-avatar";
import type { Ticket } from "./api/list-tickets";
import { useMoveTicket } from "./api/move-ticket";

const order: Presence[] = ["online", "away", "offline", null];
const nearness = (presence: Presence) => order.indexOf(presence);

/** To a queue or a person, with a note for whoever takes over. */
export function TransferDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { user } = useSession();
  const { transfer } = useMoveTicket(ticket.id, user.id);
  const queues = useQuery(queuesQuery).data ?? [];
  const users = useQuery(usersQuery).data ?? [];
  const [kind, setKind] = useState<"queue" | "user">("queue");
  const [target, setTarget] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const people = users.filter((person) => person.is_active && person.id !== ticket.assignee?.id).toSorted((a, b) => nearness(a.presence) - nearness(b.presence));
  const presenceOf = (id: string) => (kind === "user" ? (people.find((person) => String(person.id) === id)?.presence ?? null) : null);
  const options = (kind === "queue" ? queues : people).map((option) => ({ value: String(option.id), label: option.name }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (target) transfer.mutate({ [kind]: Number(target), note: note.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t("tickets.transfer.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {transfer.error && <FormError>{words(transfer.error)}</FormError>}
          <SegmentedControl fullWidth value={kind} onChange={(value) => { setKind(value === "user" ? "user" : "queue"); setTarget(null); }}
            data={[{ value: "queue", label: t("tickets.transfer.toQueue") }, { value: "user", label: t("tickets.transfer.toPerson") }]} />
          <Select key={kind} label={t(kind === "queue" ? "tickets.queue" : "tickets.person")} data={options} value={target} onChange={setTarget} searchable data-autofocus renderOption={kind === "user" ? ({ option }) => <Group gap="sm" wrap="nowrap"><PresentAvatar colleague={{ id: Number(option.value), name: option.label }} size={24} presence={presenceOf(option.value)} />{option.label}</Group> : undefined} />
          <Textarea label={t("tickets.transfer.note")} description={t("tickets.transfer.noteText")} autosize minRows={2} maxRows={6} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" disabled={!target} loading={transfer.isPending}>{t("tickets.transfer.verb")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
