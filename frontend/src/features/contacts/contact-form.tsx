import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { customFieldsQuery, listsQuery, tagsQuery } from "@/api/lookups";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { formatPhone } from "@/lib/format";
import { useCreateList } from "./api/create-list";
import { useCreateTag } from "./api/create-tag";
import { useSaveContact } from "./api/save-contact";
import { CreatableMultiSelect } from "./creatable-multi-select";
import { CustomFieldInput } from "./custom-field-input";

type Contact = Schemas["Contact"];
type Props = { contact: Contact | null; onClose: () => void; onSaved?: (contact: Contact) => void };

const blank = { name: "", phone: "", email: "", notes: "", is_blocked: false, custom: {} as Record<string, unknown>, tags: [] as number[], lists: [] as number[] };

const draftOf = (contact: Contact | null) =>
  contact
    ? { ...blank, name: contact.name ?? "", phone: formatPhone(contact.phone ?? ""), email: contact.email ?? "", notes: contact.notes ?? "", is_blocked: contact.is_blocked ?? false, custom: contact.custom as Record<string, unknown>, tags: contact.tags.map((tag) => tag.id), lists: [...contact.lists] }
    : blank;

/** A new contact, or everything of an old one. */
export function ContactForm({ contact, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [draft, setDraft] = useState(() => draftOf(contact));
  const tags = useQuery(tagsQuery).data ?? [];
  const lists = useQuery(listsQuery).data ?? [];
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const save = useSaveContact(contact?.id);
  const createTag = useCreateTag();
  const createList = useCreateList();
  const change = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }));
  const about = (field: string) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !["name", "phone", "email", "notes"].some(about);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What was written in fields that are gone stays stored; it cannot be written again.
    const custom = Object.fromEntries(customFields.flatMap(({ key }) => (key in draft.custom ? [[key, draft.custom[key]]] : [])));
    save.mutate({ ...draft, custom }, {
      onSuccess: (saved) => {
        onSaved?.(saved);
        onClose();
      },
    });
  };

  return (
    <Modal opened onClose={onClose} size="lg" title={t(contact ? "contacts.form.edit" : "contacts.form.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          <TextInput label={t("contacts.name")} value={draft.name} error={about("name")} onChange={(event) => change({ name: event.currentTarget.value })} data-autofocus />
          <Group grow align="start" gap="sm">
            <TextInput type="tel" label={t("contacts.phone")} placeholder="+55 11 98765-4321" value={draft.phone} error={about("phone")} onChange={(event) => change({ phone: event.currentTarget.value })} />
            <TextInput type="email" label={t("contacts.email")} value={draft.email} error={about("email")} onChange={(event) => change({ email: event.currentTarget.value })} />
          </Group>
          <CreatableMultiSelect label={t("contacts.tags")} options={tags} value={draft.tags} onChange={(value) => change({ tags: value })} onCreate={(name) => createTag.mutateAsync(name)} />
          <CreatableMultiSelect label={t("contacts.lists")} options={lists} value={draft.lists} onChange={(value) => change({ lists: value })} onCreate={(name) => createList.mutateAsync(name)} />
          {customFields.map((field) => (
            <CustomFieldInput key={field.id} field={field} value={draft.custom[field.key]} onChange={(value) => change({ custom: { ...draft.custom, [field.key]: value } })} />
          ))}
          <Textarea label={t("contacts.notes")} autosize minRows={2} maxRows={8} value={draft.notes} error={about("notes")} onChange={(event) => change({ notes: event.currentTarget.value })} />
          {contact && <Switch label={t("contacts.blocked")} description={t("contacts.blockedText")} checked={draft.is_blocked} onChange={(event) => change({ is_blocked: event.currentTarget.checked })} />}
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={save.isPending}>{t(contact ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
