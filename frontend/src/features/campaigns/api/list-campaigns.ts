import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Campaign = Schemas["Campaign"];

export const campaignsQuery = infiniteQueryOptions({
  queryKey: ["campaigns", "list"],
  queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/campaigns/", { params: { query: { cursor: pageParam, page_size: 50 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
});
