import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** How many notices the person has not read. */
export const unreadNoticesQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: () => unwrap(api.GET("/api/v1/notifications/unread/")),
  staleTime: 300_000,
});
