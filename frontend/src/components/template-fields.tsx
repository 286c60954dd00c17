import { Select, Stack, Text, TextInput } from "@mantine/core";
import type { Dispatch, SetStateAction } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { bodyOf, fill, framesOf, type Slot, slotsOf } from "@/lib/template";
import { acceptedFiles, FileField } from "./file-field";
import classes from "./template-fields.module.css";

export type TemplateDraft = { id: number; variables: Record<string, string>; media: Schemas["Media"] | null };
type Template = Schemas["Template"];
type Props = { templates: Template[]; value: TemplateDraft | null; onChange: Dispatch<SetStateAction<TemplateDraft | null>> };

const places = ["header", "body", "button"];
/** In the order in which one reads them. */
const read = (template: Template) => slotsOf(template).sort((one, other) => places.indexOf(one.place) - places.indexOf(other.place));

export const isComplete = (draft: TemplateDraft | null, templates: Template[]) => {
  const template = templates.find((item) => item.id === draft?.id);
  return template !== undefined && slotsOf(template).every(({ key, media }) => (media ? draft?.media : draft?.variables[key]?.trim()));
};

/** Which approved template, and a value for each of its variables and its file, with the text as the customer will read it. */
export function TemplateFields({ templates, value, onChange }: Props) {
  const { t } = useTranslation();
  const approved = templates.filter((template) => template.status === "APPROVED");
  const chosen = approved.find((template) => template.id === value?.id);
  const nameOf = ({ key, place }: Slot) => {
    const [, rest = ""] = key.split(".");
    return place === "body" ? `{{${key}}}` : t(`common.template.place.${place}`, { key: place === "button" ? Number(rest) + 1 : rest });
  };
  if (!approved.length) return <Text size="sm" c="dimmed">{t("common.template.none")}</Text>;
  return (
    <Stack gap="sm">
      <Select label={t("common.template.pick")} searchable data={approved.map((template) => ({ value: String(template.id), label: `${template.name} · ${template.language}` }))} value={value ? String(value.id) : null} onChange={(id) => onChange(id ? { id: Number(id), variables: {}, media: null } : null)} />
      {chosen && value && (
        <>
          {read(chosen).map((slot) =>
            slot.media ? (
              <div key={slot.key}>
                <Text size="sm" fw={500} mb={4}>{t("common.file.header")}</Text>
                <FileField media={value.media} accept={acceptedFiles[slot.media]} label={t("common.file.choose", { kind: t(`common.file.kind.${slot.media}`).toLowerCase() })} onChange={(media) => onChange((now) => now && { ...now, media })} />
              </div>
            ) : (
              <TextInput key={slot.key} label={t("common.template.variable", { name: nameOf(slot), interpolation: { escapeValue: false } })} value={value.variables[slot.key] ?? ""} onChange={({ currentTarget: { value: text } }) => onChange((now) => now && { ...now, variables: { ...now.variables, [slot.key]: text } })} />
            ),
          )}
          <div>
            <Text size="sm" fw={500} mb={4}>{t("common.template.preview")}</Text>
            <div className={classes.preview}>{fill(bodyOf(chosen), value.variables)}{framesOf(chosen).footer && <Text size="xs" c="dimmed" mt={4}>{framesOf(chosen).footer}</Text>}</div>
          </div>
        </>
      )}
    </Stack>
  );
}
