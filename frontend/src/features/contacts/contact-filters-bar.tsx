import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ContactFilters, listsQuery, tagsQuery } from "@/api/lookups";
import classes from "./contacts-page.module.css";

const options = (items: { id: number; name: string }[] | undefined) => (items ?? []).map((item) => ({ value: String(item.id), label: item.name }));

export function ContactFiltersBar({ filters, onChange }: { filters: ContactFilters; onChange: (filters: ContactFilters) => void }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery).data;
  const lists = useQuery(listsQuery).data;
  const search = useDebouncedCallback((text: string) => onChange({ ...filters, search: text.trim() || undefined }), 250);
  return (
    <div className={classes.filters} role="search">
      <TextInput className={classes.search} size="sm" type="search" aria-label={t("contacts.search")} placeholder={t("contacts.search")} leftSection={<IconSearch size={16} stroke={1.6} />} defaultValue={filters.search} onChange={(event) => search(event.currentTarget.value)} />
      <Select size="sm" clearable searchable aria-label={t("contacts.byTag")} placeholder={t("contacts.byTag")} data={options(tags)} value={filters.tag ? String(filters.tag) : null} onChange={(value) => onChange({ ...filters, tag: value ? Number(value) : undefined })} />
      <Select size="sm" clearable searchable aria-label={t("contacts.byList")} placeholder={t("contacts.byList")} data={options(lists)} value={filters.list ? String(filters.list) : null} onChange={(value) => onChange({ ...filters, list: value ? Number(value) : undefined })} />
    </div>
  );
}
