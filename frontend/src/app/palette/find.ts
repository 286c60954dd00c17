import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

const FEW = 5;
export const SHORTEST = 2;

/** Conversations, contacts and campaigns that the words name. */
export const foundQuery = (words: string) =>
  queryOptions({
    queryKey: ["palette", words],
    enabled: words.length >= SHORTEST,
    staleTime: 10_000,
    queryFn: async () => {
      const query = { search: words, page_size: FEW };
      const [tickets, contacts, campaigns] = await Promise.all([
        unwrap(api.GET("/api/v1/tickets/", { params: { query } })),
        unwrap(api.GET("/api/v1/contacts/", { params: { query } })),
        unwrap(api.GET("/api/v1/campaigns/", { params: { query } })),
      ]);
      return { tickets: tickets.results, contacts: contacts.results, campaigns: campaigns.results };
    },
  });
