import { Button, Group, Modal, MultiSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { usersQuery } from "@/api/lookups";
import { ColorField, firstColor } from "@/components/color-field";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useSaveQueue } from "../api/save-queue";

/** A department: its name, who works in it, and what the customer hears first. */
export function QueueForm({ queue, position, onClose }: { queue: Schemas["Queue"] | null; position: number; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const users = useQuery(usersQuery).data ?? [];
  const [name, setName] = useState(queue?.name ?? "");
  const [color, setColor] = useState(queue?.color ?? firstColor);
  const [greeting, setGreeting] = useState(queue?.greeting ?? "");
  const [members, setMembers] = useState<string[]>(() => queue?.members.map(({ id }) => String(id)) ?? []);
  const save = useSaveQueue(queue?.id);
  const about = (field: string) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !["name", "greeting", "members"].some(about);
  const choosable = users.filter(({ id, is_active }) => is_active !== false || members.includes(String(id)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim(), color, greeting: greeting.trim(), position: queue?.position ?? position, members: members.map(Number) }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t(queue ? "tickets.queues.edit" : "tickets.queues.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          <TextInput required maxLength={80} label={t("tickets.queues.name")} placeholder={t("tickets.queues.example")} value={name} error={about("name")} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <ColorField value={color} onChange={setColor} />
          <MultiSelect label={t("tickets.queues.members")} description={t("tickets.queues.membersText")} searchable hidePickedOptions data={choosable.map((user) => ({ value: String(user.id), label: user.name }))} value={members} error={about("members")} onChange={setMembers} />
          <Textarea autosize minRows={2} maxRows={6} maxLength={4096} label={t("tickets.queues.greeting")} description={t("tickets.queues.greetingText")} value={greeting} error={about("greeting")} onChange={(event) => setGreeting(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim()}>{t(queue ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
