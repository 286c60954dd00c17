import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type ApiKey = Schemas["ApiKey"];
export type Scope = Schemas["Scope"];

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ["api-keys", "list"],
  queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/api-keys/", { params: { query: { cursor: pageParam, page_size: 100 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
});

/** Everything that a key can be given. */
export const scopesQuery = queryOptions({
  queryKey: ["api-keys", "scopes"],
  queryFn: () => unwrap(api.GET("/api/v1/api-keys/scopes/")),
  staleTime: Infinity,
});
