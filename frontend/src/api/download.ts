import i18next from "i18next";
import { ApiError, faultsOf } from "./client";
import { authorizedFetch } from "./token";

/** Asks the API for a table and hands it to the person as a file. */
export async function downloadCsv(path: string, query: Record<string, string | number | undefined>, name: string) {
  const url = new URL(`/api/v1/${path}`, window.location.origin);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
  const answer = await authorizedFetch(new Request(url, { method: "POST", headers: { "Accept-Language": i18next.language } })).catch(() => Response.error());
  if (!answer.ok) throw new ApiError(answer.status, faultsOf(await answer.json().catch(() => null)));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  // Browsers begin to read it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
