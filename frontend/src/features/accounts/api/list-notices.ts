import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Notice = Schemas["Notice"];

/** What the person was told, newest first. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: ["notices", "list"],
  queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/notifications/", { params: { query: { cursor: pageParam, page_size: 20 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
});
