import { MultiSelect, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { listsQuery, tagsQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import { Conditions } from "./conditions";
import { GivenNumbers } from "./given-numbers";
import { Lines } from "./lines";
import type { Drafting } from "./use-draft";
import type { Surveyed } from "./use-survey";
import classes from "./wizard.module.css";

const options = (items: { id: number; name: string }[] | undefined) => (items ?? []).map((item) => ({ value: String(item.id), label: item.name }));

type Props = { drafting: Drafting; survey: Surveyed; connections: Schemas["Connection"][]; about: (field: string) => string | undefined };

export function AudienceStep({ drafting, survey, connections, about }: Props) {
  const { t } = useTranslation();
  const { draft, change, connection } = drafting;
  const lists = useQuery(listsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data;
  return (
    <>
      <Card className={classes.section}>
        <TextInput label={t("campaigns.name")} placeholder={t("campaigns.nameExample")} maxLength={120} value={draft.name} error={about("name")} onChange={(event) => change({ name: event.currentTarget.value })} />
        <Select label={t("campaigns.connection")} allowDeselect={false} data={connections.map((item) => ({ value: String(item.id), label: item.name }))} value={connection === null ? null : String(connection)} error={about("connection")} onChange={(value) => change({ connection: Number(value), others: draft.others.filter((line) => line.connection !== Number(value)), template: null, variables: {}, headerMedia: null })} />
        {connection !== null && connections.length > 1 && <Lines drafting={drafting} connections={connections} first={connection} error={about("connections")} />}
      </Card>
      <Card className={classes.section}>
        <h2>{t("campaigns.audience")}</h2>
        <SegmentedControl aria-label={t("campaigns.audience")} value={draft.everybody ? "everybody" : "chosen"} onChange={(value) => change({ everybody: value === "everybody" })} data={[{ value: "chosen", label: t("campaigns.wizard.chosen") }, { value: "everybody", label: t("campaigns.wizard.everybody") }]} />
        {!draft.everybody && (
          <>
            <MultiSelect label={t("campaigns.lists")} searchable hidePickedOptions data={lists.map((list) => ({ value: String(list.id), label: list.contact_count === undefined ? list.name : `${list.name} (${list.contact_count})` }))} value={draft.lists.map(String)} error={about("lists")} onChange={(value) => change({ lists: value.map(Number) })} />
            <MultiSelect label={t("campaigns.tags")} searchable hidePickedOptions data={options(tags)} value={draft.tags.map(String)} onChange={(value) => change({ tags: value.map(Number) })} />
            {draft.tags.length > 1 && (
              <SegmentedControl aria-label={t("campaigns.tags")} value={draft.allTags ? "all" : "any"} onChange={(value) => change({ allTags: value === "all" })} data={[{ value: "any", label: t("campaigns.wizard.anyTag") }, { value: "all", label: t("campaigns.wizard.allTags") }]} />
            )}
          </>
        )}
        <Conditions conditions={draft.conditions} onChange={(conditions) => change({ conditions })} about={about} />
        <MultiSelect label={t("campaigns.excludedTags")} searchable hidePickedOptions data={options(tags)} value={draft.excluded_tags.map(String)} onChange={(value) => change({ excluded_tags: value.map(Number) })} />
      </Card>
      <GivenNumbers numbers={draft.numbers} survey={survey} onChange={(numbers) => change({ numbers })} />
    </>
  );
}
