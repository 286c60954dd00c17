import { Badge, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery, templatesQuery } from "@/api/lookups";
import { acceptedFiles, FileField } from "@/components/file-field";
import { Card } from "@/components/page";
import { bodyOf, framesOf, type Slot, slotsOf } from "@/lib/template";
import { bindingOf, saidBy, TEXT } from "./binding";
import type { Drafting } from "./use-draft";
import { problemAbout, type Surveyed } from "./use-survey";
import classes from "./wizard.module.css";

const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;
const isCategory = (name: string): name is (typeof categories)[number] => categories.some((known) => known === name);
const places = ["header", "body", "button"];
type Props = { drafting: Drafting; survey: Surveyed };

/** One of the connection's approved templates, and what stands in each of its places. */
export function TemplateChoice({ drafting, survey }: Props) {
  const { t } = useTranslation();
  const { draft, change, connection } = drafting;
  const [search, setSearch] = useState("");
  const templates = (useQuery(templatesQuery(connection ?? 0)).data ?? []).filter(({ status }) => status === "APPROVED");
  const chosen = templates.find(({ id }) => id === draft.template);
  const slots = chosen ? slotsOf(chosen).sort((one, other) => places.indexOf(one.place) - places.indexOf(other.place)) : []; // as one reads them
  const found = templates.filter((template) => `${template.name} ${bodyOf(template)}`.toLowerCase().includes(search.trim().toLowerCase()));
  const choose = (template: Schemas["Template"]) => template.id !== draft.template && change({ template: template.id, variables: {}, headerMedia: null });
  return (
    <>
      <Card className={classes.section}>
        <h2>{t("campaigns.template")}</h2>
        {templates.length === 0 && <Text size="sm" c="dimmed">{t("common.template.none")}</Text>}
        {templates.length > 4 && <TextInput aria-label={t("campaigns.wizard.searchTemplates")} placeholder={t("campaigns.wizard.searchTemplates")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />}
        <div className={classes.templates}>
          {found.map((template) => {
            const { media } = framesOf(template);
            return (
              <button key={template.id} type="button" className={classes.template} aria-pressed={template.id === draft.template} onClick={() => choose(template)}>
                <span className={classes.templateName}>{template.name}<Badge size="sm" color="gray">{template.language}</Badge>{template.category && <Badge size="sm" color="gray">{isCategory(template.category) ? t(`campaigns.wizard.category.${template.category}`) : template.category.toLowerCase()}</Badge>}{media && <Badge size="sm" color="blue">{t(`common.file.kind.${media}`)}</Badge>}</span>
                <span className={classes.templateText}>{bodyOf(template)}</span>
              </button>
            );
          })}
        </div>
        {problemAbout(survey, "template") && <Text size="xs" c="var(--bad)" role="alert">{problemAbout(survey, "template")}</Text>}
      </Card>
      {slots.length > 0 && (
        <Card className={classes.section}>
          <h2>{t("campaigns.wizard.slots")}</h2>
          {slots.map((slot) =>
            slot.media ? (
              <div key={slot.key}>
                <Text size="sm" fw={500} mb={4}>{t("common.file.header")}</Text>
                <FileField media={draft.headerMedia} accept={acceptedFiles[slot.media]} label={t("common.file.choose", { kind: t(`common.file.kind.${slot.media}`).toLowerCase() })} error={problemAbout(survey, "header_media", `variables.${slot.key}`)} onChange={(headerMedia) => change({ headerMedia })} />
              </div>
            ) : (
              <SlotField key={slot.key} slot={slot} said={draft.variables[slot.key] ?? ""} error={problemAbout(survey, `variables.${slot.key}`)} onChange={(said) => change({ variables: { ...draft.variables, [slot.key]: said } })} />
            ),
          )}
        </Card>
      )}
    </>
  );
}

function SlotField({ slot, said, error, onChange }: { slot: Slot; said: string; error?: string; onChange: (said: string) => void }) {
  const { t } = useTranslation();
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const fields: { value: string; label: string }[] = [
    ...(["first_name", "name", "phone", "email"] as const).map((value) => ({ value, label: t(`campaigns.wizard.field.${value}`) })),
    ...customFields.map(({ key, label }) => ({ value: `custom.${key}`, label })),
  ];
  const binding = bindingOf(said, fields.map(({ value }) => value));
  const isText = binding.source === TEXT;
  const [, key = ""] = slot.key.split(".");
  const name = slot.place === "body" ? `{{${slot.key}}}` : t(`campaigns.wizard.place.${slot.place}`, { key: slot.place === "button" ? Number(key) + 1 : key });
  return (
    <div className={classes.slot}>
      <Select label={t("campaigns.wizard.slot", { name, interpolation: { escapeValue: false } })} allowDeselect={false} data={[{ value: TEXT, label: t("campaigns.wizard.fixedText") }, ...fields]} value={binding.source} onChange={(source) => onChange(saidBy({ source: source ?? TEXT, text: "" }))} />
      <TextInput label={t(isText ? "campaigns.wizard.fixedText" : "campaigns.wizard.fallback")} placeholder={isText ? undefined : t("campaigns.wizard.fallbackExample")} value={binding.text} error={error} onChange={(event) => onChange(saidBy({ source: binding.source, text: event.currentTarget.value }))} />
    </div>
  );
}
