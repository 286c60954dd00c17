import { saveFile } from "@/api/files";
import type { ContactFilters } from "@/api/lookups";

/** The filters as the query of a URL. */
export function queryOf(filters: ContactFilters, more: Record<string, string> = {}) {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(filters)) if (value !== undefined && value !== "") query.set(name, String(value));
  return query.toString();
}

export const exportContacts = (filters: ContactFilters, file: string) => saveFile(`contacts/export/?${queryOf(filters, { file })}`, "POST");
