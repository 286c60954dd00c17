import { saveFile } from "@/api/files";
import { queryOf, type RecipientFilters } from "./list-recipients";

/** The recipients that the filters leave, as a file. */
export function exportRecipients(campaignId: number, filters: RecipientFilters, file: string) {
  const asked = Object.entries(queryOf(filters)).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return saveFile(`campaigns/${campaignId}/export/?${new URLSearchParams([["file", file], ...asked]).toString()}`, "POST");
}
