import type { Schemas } from "@/api/client";
import { randomId } from "@/lib/random-id";

export const formats = ["NONE", "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"] as const;
export type Format = (typeof formats)[number];
export const categories = ["UTILITY", "MARKETING", "AUTHENTICATION"] as const;
export type Category = (typeof categories)[number];
export const buttonKinds = ["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "FLOW"] as const;
export type ButtonKind = (typeof buttonKinds)[number];

/** `value`: the address, phone number, code or flow; `example`: a whole address for one that ends in a variable. `kept`: what we do not edit. */
export type Button = { key: string; type: ButtonKind; text: string; value: string; example: string; kept: Record<string, unknown> };

/** A template as the editor holds it. Examples are kept by the names of their variables, also while a variable is away. */
export type Draft = {
  name: string;
  language: string;
  category: Category;
  header: { format: Format; text: string; examples: Record<string, string>; handle: string; filename: string };
  body: { text: string; examples: Record<string, string> };
  footer: string;
  buttons: Button[];
  code: { label: string; hasAdvice: boolean; minutes: number | null };
  /** Parts that only Meta's own tools make (carousels, offers): handed back as they came. */
  others: Record<string, unknown>[];
};

export const emptyDraft = (language: string): Draft => ({
  name: "",
  language,
  category: "UTILITY",
  header: { format: "NONE", text: "", examples: {}, handle: "", filename: "" },
  body: { text: "", examples: {} },
  footer: "",
  buttons: [],
  code: { label: "", hasAdvice: true, minutes: 10 },
  others: [],
});

export const newButton = (type: ButtonKind): Button => ({ key: randomId(), type, text: "", value: "", example: "", kept: {} });

const VARIABLE = /{{\s*([\w.]+)\s*}}/g;
export const namesIn = (text: string) => [...new Set([...text.matchAll(VARIABLE)].map((found) => found[1] ?? ""))];
const isNumbered = (names: string[]) => names.every((name) => /^\d+$/.test(name));
export const hasVariable = (url: string) => namesIn(url).length > 0;

/** The next number that the text does not have; among names, the next free one. */
export function nextVariable(text: string) {
  const names = namesIn(text);
  const prefix = isNumbered(names) ? "" : "variable_";
  for (let place = 1; ; place += 1) if (!names.includes(`${prefix}${place}`)) return `{{${prefix}${place}}}`;
}

type Json = Record<string, unknown>;

function exampleOf(kind: "header" | "body", text: string, examples: Record<string, string>, isNamed: boolean): Json {
  const names = namesIn(text);
  if (names.length === 0) return {};
  if (isNamed) return { example: { [`${kind}_text_named_params`]: names.map((name) => ({ param_name: name, example: examples[name] ?? "" })) } };
  const values = names.toSorted((a, b) => Number(a) - Number(b)).map((name) => examples[name] ?? "");
  return { example: { [`${kind}_text`]: kind === "body" ? [values] : values } };
}

function buttonOf({ type, text, value, example, kept }: Button): Json {
  if (type === "URL") return { ...kept, type, text, url: value.trim(), ...(hasVariable(value) ? { example: [example] } : {}) };
  if (type === "PHONE_NUMBER") return { ...kept, type, text, phone_number: value.trim() };
  if (type === "COPY_CODE") return { ...kept, type, example: value.trim() };
  if (type === "FLOW") return { ...kept, type, text, ...(value.trim() ? { flow_id: value.trim() } : {}) };
  return { ...kept, type, text };
}

/** As Meta defines it, and as `connections/{id}/templates/` takes it. */
export function requestOf(draft: Draft): Schemas["TemplateDraftRequest"] {
  const { header, body } = draft;
  const isNamed = !isNumbered([...namesIn(body.text), ...(header.format === "TEXT" ? namesIn(header.text) : [])]);
  const components: Json[] = [];
  if (draft.category === "AUTHENTICATION") {
    components.push({ type: "BODY", add_security_recommendation: draft.code.hasAdvice });
    if (draft.code.minutes !== null) components.push({ type: "FOOTER", code_expiration_minutes: draft.code.minutes });
    components.push({ type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", ...(draft.code.label.trim() ? { text: draft.code.label.trim() } : {}) }] });
  } else {
    if (header.format === "TEXT") components.push({ type: "HEADER", format: "TEXT", text: header.text, ...exampleOf("header", header.text, header.examples, isNamed) });
    else if (header.format === "LOCATION") components.push({ type: "HEADER", format: "LOCATION" });
    else if (header.format !== "NONE") components.push({ type: "HEADER", format: header.format, ...(header.handle ? { example: { header_handle: [header.handle] } } : {}) });
    components.push({ type: "BODY", text: body.text, ...exampleOf("body", body.text, body.examples, isNamed) });
    if (draft.footer.trim()) components.push({ type: "FOOTER", text: draft.footer });
    if (draft.buttons.length > 0) components.push({ type: "BUTTONS", buttons: draft.buttons.map(buttonOf) });
  }
  return { name: draft.name.trim(), language: draft.language, category: draft.category, components: [...components, ...draft.others], parameter_format: isNamed ? "NAMED" : "POSITIONAL" };
}

const typeOf = (part: Record<string, unknown> | undefined) => (typeof part?.type === "string" ? part.type : "");

/** `components.1.text` is where the API found a fault; `body.text` is where the editor shows it. */
export function placeOf(attr: string | null, components: readonly Record<string, unknown>[]) {
  const found = /^components\.(\d+)(?:\.(.+))?$/.exec(attr ?? "");
  if (!found) return attr ?? "";
  const kind = typeOf(components[Number(found[1])]).toLowerCase();
  return kind ? (found[2] ? `${kind}.${found[2]}` : kind) : (attr ?? "");
}
