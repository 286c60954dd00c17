import type { TFunction } from "i18next";
import type { Schemas } from "@/api/client";

export const plainTargets = ["phone", "name", "first_name", "last_name", "email", "tags", "lists", "opt_in", "opt_out", "notes"] as const;
export const CUSTOM = "custom.";

type PlainTarget = (typeof plainTargets)[number];

const isPlain = (target: string): target is PlainTarget => plainTargets.some((known) => known === target);

/** "custom.city" → the label that the company gave it. */
export function targetName(target: string, fields: Schemas["CustomField"][], t: TFunction) {
  if (isPlain(target)) return t(`contacts.imports.target.${target}`);
  return fields.find((field) => CUSTOM + field.key === target)?.label ?? target;
}
