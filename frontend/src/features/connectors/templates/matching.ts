import type { Schemas } from "@/api/client";

export type Filters = { words: string; status: string | null; category: string | null; quality: string | null; hasReason: boolean };
export const noFilters: Filters = { words: "", status: null, category: null, quality: null, hasReason: false };

/** By name and text, and what the gateway says of them. All of a connection's templates are here: no need to ask the server. */
export function matching(templates: Schemas["Template"][], { words, status, category, quality, hasReason }: Filters) {
  const wanted = words.trim().toLowerCase();
  return templates.filter((template) => (!status || template.status === status) && (!category || template.category === category) && (!quality || template.quality === quality) && (!hasReason || template.reason !== "") && (!wanted || `${template.name} ${template.body}`.toLowerCase().includes(wanted)));
}
