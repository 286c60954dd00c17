import { saveFile } from "@/api/files";
import type { TicketFilters } from "./list-tickets";

/** The conversations that the list shows, and those below its end. */
export function exportTickets({ status, mine, queue, search }: TicketFilters, file: string) {
  const query = new URLSearchParams({ file, status });
  if (mine) query.set("mine", "true");
  if (queue !== null) query.set("queue", String(queue));
  if (search) query.set("search", search);
  return saveFile(`tickets/export/?${query}`, "POST");
}
