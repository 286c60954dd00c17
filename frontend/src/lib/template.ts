/** Variables of WhatsApp templates and of campaign texts, as tickets/services/templates.py and campaigns read them. */

type Component = { type?: string; format?: string; text?: string; buttons?: { url?: string }[] };
export type TemplateLike = { components?: unknown };

const VARIABLE = /{{\s*([\w.]+)\s*}}/g;
const MEDIA = new Set(["IMAGE", "VIDEO", "DOCUMENT"]);

const namesIn = (text: string | undefined) => [...new Set([...(text ?? "").matchAll(VARIABLE)].map((found) => found[1] ?? ""))];
const componentsOf = (template: TemplateLike) => (Array.isArray(template.components) ? (template.components as Component[]) : []);

export const bodyOf = (template: TemplateLike) => componentsOf(template).find((part) => part.type === "BODY")?.text ?? "";

/** How slots outside the body are called: conversations write `header_1`, campaigns `header.1`. */
export type SlotStyle = "ticket" | "campaign";

/** Every name that wants a value: the body's own names, then the header's, its media, and the ends of links. */
export function variablesOf(template: TemplateLike, style: SlotStyle = "ticket"): string[] {
  const dot = style === "ticket" ? "_" : ".";
  const names = namesIn(bodyOf(template));
  for (const part of componentsOf(template)) {
    const format = part.format ?? "TEXT";
    if (part.type === "HEADER" && MEDIA.has(format)) names.push(style === "ticket" ? "header_media" : `header.${format.toLowerCase()}`);
    if (part.type === "HEADER" && !MEDIA.has(format)) names.push(...namesIn(part.text).map((name) => `header${dot}${name}`));
    if (part.type === "BUTTONS") part.buttons?.forEach((button, place) => namesIn(button.url).length && names.push(`button${dot}${place}`));
  }
  return names;
}

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
