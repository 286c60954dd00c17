import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useInvite } from "./api/invitations";
import { languages } from "./languages";
import { roleOptions } from "./roles";

/** An e-mail to somebody who shall work here. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const queues = useQuery(queuesQuery).data ?? [];
  const invite = useInvite();
  const [draft, setDraft] = useState({ email: "", name: "", role: "agent", language: i18n.language, queues: [] as string[] });
  const change = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }));
  const about = (field: string) => (invite.error instanceof ApiError ? invite.error.about(field) : undefined);
  const isElsewhere = invite.error !== null && !["email", "name", "queues"].some(about);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const email = draft.email.trim();
    const body = { email, name: draft.name.trim(), role: draft.role as Schemas["RoleEnum"], locale: draft.language === "pt-BR" ? ("pt-br" as const) : ("en" as const), queues: draft.queues.map(Number) };
    const done = () => {
      notifications.show({ message: t("accounts.invite.done", { email }) });
      onClose();
    };
    invite.mutate(body, { onSuccess: done });
  };
  return (
    <Modal opened onClose={onClose} title={t("accounts.invite.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {isElsewhere && <FormError>{words(invite.error)}</FormError>}
          <TextInput type="email" name="email" required withAsterisk={false} label={t("accounts.email")} description={t("accounts.invite.emailText")} value={draft.email} error={about("email")} onChange={(event) => change({ email: event.currentTarget.value })} data-autofocus />
          <TextInput name="name" maxLength={120} label={t("accounts.invite.name")} description={t("accounts.invite.nameText")} value={draft.name} error={about("name")} onChange={(event) => change({ name: event.currentTarget.value })} />
          <Select label={t("accounts.people.role")} description={t(`accounts.roleText.${draft.role as Schemas["RoleEnum"]}`)} allowDeselect={false} data={roleOptions(t)} value={draft.role} onChange={(role) => role && change({ role })} />
          <MultiSelect label={t("accounts.people.queues")} placeholder={draft.queues.length ? undefined : t("accounts.people.noQueues")} data={queues.map(({ id, name }) => ({ value: String(id), label: name }))} value={draft.queues} error={about("queues")} onChange={(value) => change({ queues: value })} />
          <Select label={t("accounts.invite.language")} allowDeselect={false} data={languages} value={draft.language} onChange={(language) => language && change({ language })} />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={invite.isPending}>{t("accounts.invite.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
