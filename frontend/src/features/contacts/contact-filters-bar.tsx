import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ContactFilters, listsQuery, tagsQuery } from "@/api/lookups";
import classes from "./contacts-page.module.css";

const seenChoices = ["within07", "within30", "silent30", "silent90"] as const;
type Seen = (typeof seenChoices)[number];

/** To the hour, so that the same choice is the same question. */
const daysAgo = (days: number) => new Date(Math.floor(Date.now() / 3_600_000 - days * 24) * 3_600_000).toISOString();
const options = (items: { id: number; name: string }[] | undefined) => (items ?? []).map((item) => ({ value: String(item.id), label: item.name }));

export function ContactFiltersBar({ filters, onChange }: { filters: ContactFilters; onChange: (filters: ContactFilters) => void }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery).data;
  const lists = useQuery(listsQuery).data;
  const [seen, setSeen] = useState<Seen | null>(null);
  const chooseSeen = (value: Seen | null) => {
    setSeen(value);
    const since = value && daysAgo(Number(value.slice(-2)));
    onChange({ ...filters, seen_after: value?.startsWith("within") ? (since ?? undefined) : undefined, seen_before: value?.startsWith("silent") ? (since ?? undefined) : undefined });
  };
  const search = useDebouncedCallback((text: string) => onChange({ ...filters, search: text.trim() || undefined }), 250);
  return (
    <div className={classes.filters} role="search">
      <TextInput className={classes.search} size="sm" type="search" aria-label={t("contacts.search")} placeholder={t("contacts.search")} leftSection={<IconSearch size={16} stroke={1.6} />} defaultValue={filters.search} onChange={(event) => search(event.currentTarget.value)} />
      <Select size="sm" clearable searchable aria-label={t("contacts.byTag")} placeholder={t("contacts.byTag")} data={options(tags)} value={filters.tag ? String(filters.tag) : null} onChange={(value) => onChange({ ...filters, tag: value ? Number(value) : undefined })} />
      <Select size="sm" clearable searchable aria-label={t("contacts.byList")} placeholder={t("contacts.byList")} data={options(lists)} value={filters.list ? String(filters.list) : null} onChange={(value) => onChange({ ...filters, list: value ? Number(value) : undefined })} />
      <Select size="sm" clearable aria-label={t("contacts.consent")} placeholder={t("contacts.consent")} data={[{ value: "false", label: t("contacts.byConsent.in") }, { value: "true", label: t("contacts.byConsent.out") }]} value={filters.opted_out === undefined ? null : String(filters.opted_out)} onChange={(value) => onChange({ ...filters, opted_out: value === null ? undefined : value === "true" })} />
      <Select size="sm" clearable aria-label={t("contacts.bySeen.label")} placeholder={t("contacts.bySeen.label")} data={seenChoices.map((value) => ({ value, label: t(`contacts.bySeen.${value}`) }))} value={seen} onChange={(value) => chooseSeen(seenChoices.find((known) => known === value) ?? null)} />
    </div>
  );
}
