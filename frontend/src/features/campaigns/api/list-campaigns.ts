import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Campaign = Schemas["Campaign"];
export type CampaignFilters = { search?: string; status?: NonNullable<Campaign["status"]> };

const NONE: CampaignFilters = {};

export const campaignsQuery = (filters: CampaignFilters = NONE) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", "list", filters],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/campaigns/", { params: { query: { search: filters.search || undefined, status: filters.status ? [filters.status] : undefined, cursor: pageParam, page_size: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
