import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, contactsQuery } from "@/api/lookups";
import { flat } from "@/api/page";
import { formatPhone } from "@/lib/format";

/** One of the company's contacts, found by name or number. */
export function ContactSelect({ value, error, onChange }: { value: string | null; error?: string; onChange: (value: string | null) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search, 250);
  const chosen = useQuery({ ...contactQuery(Number(value)), enabled: value !== null }).data;
  const found = flat(useInfiniteQuery(contactsQuery({ search: words && words !== chosen?.display_name ? words : undefined })).data);
  const all = chosen && !found.some((contact) => contact.id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select label={t("tickets.new.contact")} placeholder={t("tickets.new.contactSearch")} searchable nothingFoundMessage={t("tickets.new.nobody")} filter={({ options }) => options} error={error}
      data={all.map((contact) => ({ value: String(contact.id), label: contact.phone && contact.name ? `${contact.name} · ${formatPhone(contact.phone)}` : contact.display_name }))}
      value={value} onChange={onChange} searchValue={search} onSearchChange={setSearch} openOnFocus={false} data-autofocus />
  );
}
