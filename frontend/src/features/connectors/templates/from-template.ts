import type { Schemas } from "@/api/client";
import { randomId } from "@/lib/random-id";
import { type Button, buttonKinds, categories, type Draft, emptyDraft, formats, namesIn } from "./draft";

type Component = Record<string, unknown> & { type?: string; format?: string; text?: string; example?: Record<string, unknown>; buttons?: Record<string, unknown>[] };

const ours = ["HEADER", "BODY", "FOOTER", "BUTTONS"];
const text = (value: unknown) => (typeof value === "string" ? value : "");

function examplesOf(kind: "header" | "body", part: Component): Record<string, string> {
  const example = part.example ?? {};
  const named = example[`${kind}_text_named_params`];
  if (Array.isArray(named)) return Object.fromEntries((named as { param_name: string; example: string }[]).map((item) => [item.param_name, item.example]));
  const given = example[`${kind}_text`];
  const row: unknown = Array.isArray(given) && Array.isArray(given[0]) ? given[0] : given;
  const names = namesIn(part.text ?? "").toSorted((a, b) => Number(a) - Number(b));
  return Array.isArray(row) ? Object.fromEntries(names.map((name, place) => [name, text(row[place])])) : {};
}

function buttonFrom(button: Record<string, unknown>): Button {
  const { type, text: label, url, phone_number, example, flow_id, ...kept } = button;
  const sample = text(Array.isArray(example) ? example[0] : example);
  const kind = buttonKinds.find((each) => each === type) ?? "QUICK_REPLY";
  const value = { URL: text(url), PHONE_NUMBER: text(phone_number), COPY_CODE: sample, FLOW: typeof flow_id === "number" ? String(flow_id) : text(flow_id), QUICK_REPLY: "" }[kind];
  return { key: randomId(), type: kind, text: text(label), value, example: kind === "URL" ? sample : "", kept };
}

/** A template of the gateway's to be edited. A file of the header must be given anew: Meta shows an address, and wants a handle. */
export function draftFrom(template: Schemas["Template"]): Draft {
  const parts = template.components as Component[];
  const part = (type: string) => parts.find((each) => each.type?.toUpperCase() === type);
  const [header, body, footer, buttons] = [part("HEADER"), part("BODY"), part("FOOTER"), part("BUTTONS")?.buttons ?? []];
  const draft = emptyDraft(template.language);
  const minutes = footer?.code_expiration_minutes;
  return {
    ...draft,
    name: template.name,
    category: categories.find((each) => each === template.category) ?? "UTILITY",
    header: header ? { ...draft.header, format: formats.find((each) => each === (header.format ?? "TEXT").toUpperCase()) ?? "TEXT", text: header.text ?? "", examples: examplesOf("header", header) } : draft.header,
    body: { text: body?.text ?? "", examples: body ? examplesOf("body", body) : {} },
    footer: footer?.text ?? "",
    buttons: template.category === "AUTHENTICATION" ? [] : buttons.map(buttonFrom),
    code: { label: text(buttons[0]?.text), hasAdvice: body?.add_security_recommendation !== false, minutes: typeof minutes === "number" ? minutes : null },
    others: parts.filter((each) => !ours.includes(each.type?.toUpperCase() ?? "")),
  };
}

/** connectors/services/writing_templates.py: one under review is locked, a deleted name is blocked. */
export const isEditable = (status: string) => ["APPROVED", "REJECTED", "PAUSED"].includes(status);
