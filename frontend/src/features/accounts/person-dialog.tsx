import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { type Teammate, useChangePerson, workQuery } from "./api/people";
import { roleOptions } from "./roles";

/** One colleague: name, e-mail, role, queues; and whether they still work here. */
export function PersonDialog({ person, onClose }: { person: Teammate; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { user } = useSession();
  const queues = useQuery(queuesQuery).data ?? [];
  const work = useQuery(workQuery(person.id)).data;
  const change = useChangePerson(person.id);
  const [draft, setDraft] = useState({ name: person.name, email: person.email, role: person.role ?? "agent" });
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const about = (field: string) => (change.error instanceof ApiError ? change.error.about(field) : undefined);
  const isElsewhere = change.error !== null && !["name", "email", "queues"].some(about);
  const done = () => {
    notifications.show({ message: t("common.saved") });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ user: { ...draft, name: draft.name.trim(), email: draft.email.trim() }, queues: chosen?.map(Number) }, { onSuccess: done });
  };
  const setActive = (is_active: boolean) => change.mutate({ user: { is_active } }, { onSuccess: done, onError: () => setIsLeaving(false) });

  return (
    <Modal opened onClose={onClose} title={person.name} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {isElsewhere && <FormError>{words(change.error)}</FormError>}
          <TextInput required withAsterisk={false} maxLength={120} label={t("accounts.profile.name")} value={draft.name} error={about("name")} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} data-autofocus />
          <TextInput type="email" required withAsterisk={false} label={t("accounts.email")} description={t("accounts.person.emailText")} value={draft.email} error={about("email")} onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })} />
          <Select label={t("accounts.people.role")} description={t(`accounts.roleText.${draft.role}`)} allowDeselect={false} data={roleOptions(t)} value={draft.role} onChange={(role) => role && setDraft({ ...draft, role })} />
          <MultiSelect label={t("accounts.people.queues")} disabled={!work} placeholder={(chosen ?? work?.queues ?? []).length ? undefined : t("accounts.people.noQueues")} data={queues.map(({ id, name }) => ({ value: String(id), label: name }))} value={chosen ?? work?.queues.map(String) ?? []} error={about("queues")} onChange={setChosen} />
          <Group justify="space-between" gap="xs" mt="xs">
            {person.id === user.id ? <span /> : person.is_active
              ? <Button variant="subtle" color="red" onClick={() => setIsLeaving(true)}>{t("accounts.person.deactivate")}</Button>
              : <Button variant="default" onClick={() => setActive(true)}>{t("accounts.person.reactivate")}</Button>}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" loading={change.isPending && !isLeaving}>{t("common.save")}</Button>
            </Group>
          </Group>
        </Stack>
      </form>
      <Confirm opened={isLeaving} title={t("accounts.person.deactivateTitle", { name: person.name })} action={t("accounts.person.deactivate")} danger busy={change.isPending} onClose={() => setIsLeaving(false)} onConfirm={() => setActive(false)}>
        {t("accounts.person.deactivateText")} {work && work.open_tickets > 0 && t("accounts.person.openTickets", { count: work.open_tickets })}
      </Confirm>
    </Modal>
  );
}
