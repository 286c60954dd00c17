import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export const campaignQuery = (campaignId: number) =>
  queryOptions({
    queryKey: ["campaigns", "detail", campaignId],
    queryFn: () => unwrap(api.GET("/api/v1/campaigns/{id}/", { params: { path: { id: String(campaignId) } } })),
  });

/** Why contacts were left out, and what failed. */
export const statsQuery = (campaignId: number) =>
  queryOptions({
    queryKey: ["campaigns", "stats", campaignId],
    queryFn: () => unwrap(api.GET("/api/v1/campaigns/{id}/stats/", { params: { path: { id: String(campaignId) } } })),
  });
