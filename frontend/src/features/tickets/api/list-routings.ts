import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { everyResult } from "@/api/page";

/** In which queue the new conversations of each connection wait. A connection without a line has none. */
export const routingsQuery = queryOptions({
  queryKey: ["connection-routings"],
  queryFn: () => everyResult((cursor) => unwrap(api.GET("/api/v1/connection-routings/", { params: { query: { cursor, page_size: 200 } } }))),
});
