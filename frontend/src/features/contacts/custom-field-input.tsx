import { Select, Switch, TextInput } from "@mantine/core";
import type { Schemas } from "@/api/client";

type Props = { field: Schemas["CustomField"]; value: unknown; onChange: (value: unknown) => void };

const asText = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** One input for each kind of field that a company adds to its contacts. */
export function CustomFieldInput({ field, value, onChange }: Props) {
  const choices = Array.isArray(field.choices) ? field.choices.map(String) : [];
  if (field.kind === "boolean") return <Switch label={field.label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (field.kind === "choice") return <Select label={field.label} data={choices} value={asText(value) || null} clearable onChange={(chosen) => onChange(chosen ?? "")} />;
  if (field.kind === "number") return <TextInput type="number" step="any" label={field.label} value={asText(value)} onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.valueAsNumber)} />;
  return <TextInput type={field.kind === "date" ? "date" : "text"} label={field.label} value={asText(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
}
