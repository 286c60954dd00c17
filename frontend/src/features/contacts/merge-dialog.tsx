import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { contactsQuery } from "@/api/lookups";
import { flat } from "@/api/page";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { formatPhone } from "@/lib/format";
import { useMergeContacts } from "./api/merge-contacts";

type Contact = Schemas["Contact"];

const labelOf = (contact: Contact) => [contact.name, contact.phone ? formatPhone(contact.phone) : contact.email].filter(Boolean).join(" · ") || contact.display_name;

/** Two contacts that are one person: the other one becomes part of this one. */
export function MergeDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const merge = useMergeContacts(contact.id);
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 250);
  const [other, setOther] = useState<Contact | null>(null);
  const found = flat(useInfiniteQuery(contactsQuery({ search: asked || undefined })).data).filter(({ id }) => id !== contact.id);
  const options = other && !found.some(({ id }) => id === other.id) ? [other, ...found] : found;
  return (
    <Modal opened onClose={onClose} title={t("contacts.merge.title", { name: contact.display_name, interpolation: { escapeValue: false } })} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <Text size="md" c="dimmed">{t("contacts.merge.text")}</Text>
        <Select
          label={t("contacts.merge.other")}
          placeholder={t("contacts.search")}
          searchable
          data-autofocus
          data={options.map((option) => ({ value: String(option.id), label: labelOf(option) }))}
          filter={({ options: all }) => all}
          searchValue={search}
          onSearchChange={setSearch}
          value={other ? String(other.id) : null}
          onChange={(id) => setOther(options.find((option) => String(option.id) === id) ?? null)}
          nothingFoundMessage={t("contacts.noMatch")}
        />
        {other && <Text size="sm">{t("contacts.merge.outcome", { kept: labelOf(contact), gone: labelOf(other), interpolation: { escapeValue: false } })}</Text>}
        {merge.isError && <FormError>{words(merge.error)}</FormError>}
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button disabled={!other} loading={merge.isPending} onClick={() => other && merge.mutate(other.id, { onSuccess: onClose })}>{t("contacts.merge.action")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
