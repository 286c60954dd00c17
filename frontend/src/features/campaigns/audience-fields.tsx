import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listsQuery, tagsQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import classes from "./campaign-form.module.css";
import type { Draft } from "./draft";

const options = (items: { id: number; name: string }[] | undefined) => (items ?? []).map((item) => ({ value: String(item.id), label: item.name }));

export function AudienceFields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const lists = useQuery(listsQuery).data;
  const tags = useQuery(tagsQuery).data;
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.audience")}</h2>
      <MultiSelect label={t("campaigns.lists")} searchable hidePickedOptions data={(lists ?? []).map((list) => ({ value: String(list.id), label: list.contact_count === undefined ? list.name : `${list.name} (${list.contact_count})` }))} value={draft.lists.map(String)} onChange={(value) => onChange({ lists: value.map(Number) })} />
      <MultiSelect label={t("campaigns.tags")} searchable hidePickedOptions data={options(tags)} value={draft.tags.map(String)} onChange={(value) => onChange({ tags: value.map(Number) })} />
      <MultiSelect label={t("campaigns.excludedTags")} searchable hidePickedOptions data={options(tags)} value={draft.excluded_tags.map(String)} onChange={(value) => onChange({ excluded_tags: value.map(Number) })} />
    </Card>
  );
}
