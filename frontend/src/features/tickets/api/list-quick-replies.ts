import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { everyResult } from "@/api/page";

export type QuickReply = Schemas["QuickReply"];

/** All that the person is offered: typing in the list must not wait for the server. */
export const quickRepliesQuery = queryOptions({
  queryKey: ["quick-replies"],
  queryFn: () => everyResult((cursor) => unwrap(api.GET("/api/v1/quick-replies/", { params: { query: { cursor, page_size: 200 } } }))),
  staleTime: 300_000,
});
