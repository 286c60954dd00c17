import { Select, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { bodyOf, fill, variablesOf } from "@/lib/template";
import classes from "./template-fields.module.css";

export type TemplateDraft = { id: number; variables: Record<string, string> };
type Template = Schemas["Template"];
type Props = { templates: Template[]; value: TemplateDraft | null; onChange: (value: TemplateDraft | null) => void };

export const isComplete = (draft: TemplateDraft | null, templates: Template[]) => {
  const template = templates.find((item) => item.id === draft?.id);
  return template !== undefined && variablesOf(template).every((name) => draft?.variables[name]?.trim());
};

/** Which approved template, and a value for each of its variables, with the text as the customer will read it. */
export function TemplateFields({ templates, value, onChange }: Props) {
  const { t } = useTranslation();
  const approved = templates.filter((template) => template.status === "APPROVED");
  const chosen = approved.find((template) => template.id === value?.id);
  if (!approved.length) return <Text size="sm" c="dimmed">{t("common.template.none")}</Text>;
  return (
    <Stack gap="sm">
      <Select label={t("common.template.pick")} searchable data={approved.map((template) => ({ value: String(template.id), label: `${template.name} · ${template.language}` }))} value={value ? String(value.id) : null} onChange={(id) => onChange(id ? { id: Number(id), variables: {} } : null)} />
      {chosen && value && (
        <>
          {variablesOf(chosen).map((name) => (
            <TextInput key={name} label={t("common.template.variable", { name })} value={value.variables[name] ?? ""} onChange={(event) => onChange({ ...value, variables: { ...value.variables, [name]: event.currentTarget.value } })} />
          ))}
          <div>
            <Text size="sm" fw={500} mb={4}>{t("common.template.preview")}</Text>
            <div className={classes.preview}>{fill(bodyOf(chosen), value.variables)}</div>
          </div>
        </>
      )}
    </Stack>
  );
}
