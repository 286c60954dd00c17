import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Flight = Schemas["Flight"];

export const flightsQuery = (search: string, connection: number | null) =>
  infiniteQueryOptions({
    queryKey: ["flights", "list", search, connection],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/flights/", { params: { query: { search: search || undefined, connection: connection ?? undefined, cursor: pageParam, page_size: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    staleTime: 0,
  });

export const flightQuery = (flightId: number) =>
  queryOptions({
    queryKey: ["flights", "detail", flightId],
    queryFn: () => unwrap(api.GET("/api/v1/flights/{id}/", { params: { path: { id: String(flightId) } } })),
  });
