/** Variables of WhatsApp templates and of campaign texts, as tickets/services/templates.py and campaigns read them. */

type Component = { type?: string; format?: string; text?: string; buttons?: { url?: string; text?: string }[] };
export type TemplateLike = { components?: unknown };

const VARIABLE = /{{\s*([\w.]+)\s*}}/g;
const MEDIA = new Map([["IMAGE", "image"], ["VIDEO", "video"], ["DOCUMENT", "document"]] as const) as ReadonlyMap<string, "image" | "video" | "document">;

const namesIn = (text: string | undefined) => [...new Set([...(text ?? "").matchAll(VARIABLE)].map((found) => found[1] ?? ""))];
const componentsOf = (template: TemplateLike) => (Array.isArray(template.components) ? (template.components as Component[]) : []);

export const bodyOf = (template: TemplateLike) => componentsOf(template).find((part) => part.type === "BODY")?.text ?? "";

export type Slot = { key: string; place: "header" | "body" | "button"; media?: "image" | "video" | "document" };

/** Every place that wants a value, as connectors/services/template_slots.py calls it: the body's own names, `header.1`, `header.image`, `button.0`. */
export function slotsOf(template: TemplateLike): Slot[] {
  const slots: Slot[] = namesIn(bodyOf(template)).map((key) => ({ key, place: "body" }));
  for (const part of componentsOf(template)) {
    const format = (part.format ?? "TEXT").toUpperCase();
    const media = MEDIA.get(format);
    if (part.type === "HEADER" && media) slots.push({ key: `header.${media}`, place: "header", media });
    if (part.type === "HEADER" && !media) slots.push(...namesIn(part.text).map((name): Slot => ({ key: `header.${name}`, place: "header" })));
    if (part.type === "BUTTONS") part.buttons?.forEach((button, place) => namesIn(button.url).length && slots.push({ key: `button.${place}`, place: "button" }));
  }
  return slots;
}

export const variablesOf = (template: TemplateLike) => slotsOf(template).map(({ key }) => key);

/** What a customer sees around the body. */
export function framesOf(template: TemplateLike) {
  const parts = componentsOf(template);
  const header = parts.find((part) => part.type === "HEADER");
  const media = MEDIA.get((header?.format ?? "TEXT").toUpperCase()) ?? null;
  const buttons = parts.find((part) => part.type === "BUTTONS")?.buttons ?? [];
  return { header: media ? "" : (header?.text ?? ""), media, footer: parts.find((part) => part.type === "FOOTER")?.text ?? "", buttons: buttons.map((button) => button.text ?? "") };
}

/** A template's text with what a campaign says for its slots in their places: a text with variables of ours. */
export const bound = (text: string, variables: Record<string, string>, prefix = "") => text.replace(VARIABLE, (whole, name: string) => variables[prefix + name]?.trim() || whole);

/** The text with its values; a variable without one stays visible. */
export const fill = (text: string, values: Record<string, string>) => text.replace(VARIABLE, (whole, name: string) => values[name]?.trim() || whole);

const WITH_FALLBACK = /{{\s*([\w.]+)\s*(?:\|\s*([^{}]*?)\s*)?}}/g;

export type Piece = { text: string; variable?: string };

/** A campaign's text in pieces: plain, or a variable with what the reader would see (`{{name|there}}`). */
export function piecesOf(text: string, values: Record<string, string> = {}): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(WITH_FALLBACK)) {
    const [whole, name = "", fallback = ""] = found;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: values[name] ?? (fallback || whole), variable: name });
    from = found.index + whole.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
