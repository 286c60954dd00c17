import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";
import { recipientsText } from "../parse-recipients";

/** The numbers that were given with a draft, as one would paste them. Before the start a campaign has no other recipients. */
export const givenQuery = (campaignId: number) =>
  queryOptions({
    queryKey: ["campaigns", "given", campaignId],
    queryFn: async () => {
      const rows = [];
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await unwrap(api.GET("/api/v1/campaigns/{id}/recipients/", { params: { path: { id: String(campaignId) }, query: { cursor, page_size: 200 } } }));
        rows.push(...page.results.filter((row) => row.is_given));
        cursor = nextCursor(page);
      }
      return recipientsText(rows.map(({ address = "", contact_name, variables }) => ({ address, contact_name, variables })));
    },
    staleTime: 0,
    gcTime: 0,
  });
