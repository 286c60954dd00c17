import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

const SHORTEST = 2;
const MOST = 200;

/** What was said in one conversation with these words, newest first. */
export const findMessagesQuery = (ticketId: number, words: string) =>
  queryOptions({
    queryKey: ["tickets", "find", ticketId, words],
    enabled: words.length >= SHORTEST,
    queryFn: () => unwrap(api.GET("/api/v1/messages/", { params: { query: { ticket: ticketId, search: words, page_size: MOST } } })),
  });

/** The message that a quote is about, by what the gateway calls it; null when it is not kept. */
export async function findQuoted(contactId: number, externalId: string): Promise<number | null> {
  const page = await unwrap(api.GET("/api/v1/messages/", { params: { query: { contact: contactId, external_id: externalId } } }));
  return page.results[0]?.id ?? null;
}
