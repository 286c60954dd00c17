import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";
import type { Condition } from "../draft";
import classes from "./wizard.module.css";

type Operator = Condition["operator"];
type Kind = Schemas["CustomField"]["kind"] | "days";

const words: Operator[] = ["equals", "differs", "contains", "is_set", "is_empty"];
const amounts: Operator[] = ["equals", "differs", "greater", "less", "is_set", "is_empty"];
const operatorsOf: Record<string, Operator[]> = { days: ["within_days", "not_within_days"], number: amounts, date: ["equals", "greater", "less", "is_set", "is_empty"], choice: ["equals", "differs", "is_set", "is_empty"], boolean: ["equals", "is_set", "is_empty"] };
const hasNoValue = (operator: Operator) => operator === "is_set" || operator === "is_empty";

type Props = { conditions: Condition[]; onChange: (conditions: Condition[]) => void; about: (field: string) => string | undefined };

/** What must hold of whoever is in the lists and tags; all of it. */
export function Conditions({ conditions, onChange, about }: Props) {
  const { t } = useTranslation();
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const fields: { value: string; label: string; kind: Kind; choices?: unknown }[] = [
    ...customFields.map(({ key, label, kind = "text", choices }) => ({ value: `custom.${key}`, label, kind, choices })),
    { value: "last_inbound_at", label: t("campaigns.wizard.lastInbound"), kind: "days", choices: [] },
    ...(["name", "email", "locale"] as const).map((value) => ({ value, label: t(`campaigns.wizard.field.${value}`), kind: "text" as const, choices: [] })),
  ];
  const kindOf = (field: string) => fields.find(({ value }) => value === field)?.kind ?? "text";
  const operators = (field: string) => operatorsOf[kindOf(field) ?? "text"] ?? words;
  const set = (place: number, part: Partial<Condition>) => onChange(conditions.map((condition, other) => (other === place ? { ...condition, ...part } : condition)));
  const add = () => onChange([...conditions, { field: fields[0]?.value ?? "name", operator: operators(fields[0]?.value ?? "name")[0] ?? "equals", value: "" }]);

  return (
    <fieldset className={classes.conditions}>
      <legend>{t("campaigns.wizard.conditions")}</legend>
      {conditions.map((condition, place) => {
        const kind = kindOf(condition.field);
        const choices = fields.find(({ value }) => value === condition.field)?.choices;
        const values = kind === "boolean" ? [{ value: "true", label: t("campaigns.wizard.yes") }, { value: "false", label: t("campaigns.wizard.no") }] : Array.isArray(choices) ? choices.map(String) : [];
        const label = t("campaigns.wizard.value");
        return (
          <div key={place} className={classes.condition}>
            <NativeSelect aria-label={t("campaigns.wizard.fieldLabel")} data={fields.map(({ value, label: name }) => ({ value, label: name }))} value={condition.field} onChange={(event) => set(place, { field: event.currentTarget.value, operator: operators(event.currentTarget.value)[0] ?? "equals", value: "" })} />
            <NativeSelect aria-label={t("campaigns.wizard.operatorLabel")} data={operators(condition.field).map((value) => ({ value, label: t(`campaigns.wizard.operator.${value}`) }))} value={condition.operator} onChange={(event) => set(place, { operator: event.currentTarget.value as Operator })} />
            {hasNoValue(condition.operator) ? <span /> : (kind === "boolean" || kind === "choice") && values.length > 0 ? (
              <NativeSelect aria-label={label} data={[{ value: "", label: "…" }, ...values]} value={condition.value} onChange={(event) => set(place, { value: event.currentTarget.value })} />
            ) : (
              <TextInput aria-label={label} type={kind === "date" ? "date" : kind === "number" || kind === "days" ? "number" : "text"} placeholder={kind === "days" ? t("campaigns.wizard.days") : undefined} value={condition.value ?? ""} error={about(`conditions.${place}.value`)} onChange={(event) => set(place, { value: event.currentTarget.value })} />
            )}
            <ActionIcon aria-label={t("campaigns.wizard.removeCondition")} onClick={() => onChange(conditions.filter((_, other) => other !== place))}><IconTrash size={17} stroke={1.6} /></ActionIcon>
          </div>
        );
      })}
      <Button variant="default" className={classes.fit} leftSection={<IconPlus size={15} stroke={1.8} />} onClick={add}>{t("campaigns.wizard.addCondition")}</Button>
    </fieldset>
  );
}
