/** What a slot of a template is bound to: a text (which may hold variables of ours), or one field of the contact with a fallback. */
export type Binding = { source: string; text: string };

const FIELD = /^{{\s*([\w.]+)\s*(?:\|([^{}]*))?}}$/;
export const TEXT = "text";

export function bindingOf(said: string, fields: readonly string[]): Binding {
  const found = FIELD.exec(said.trim());
  const name = found?.[1];
  return name && fields.includes(name) ? { source: name, text: found[2]?.trim() ?? "" } : { source: TEXT, text: said };
}

export const saidBy = ({ source, text }: Binding) => (source === TEXT ? text : text.trim() ? `{{${source}|${text.trim()}}}` : `{{${source}}}`);
