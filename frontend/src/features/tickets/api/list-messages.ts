import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Message = Schemas["Message"];

/** The conversation, newest first, page by page upwards: a quick first one, then big ones for who reads or jumps far back. */
export const messagesQuery = (ticketId: number) =>
  infiniteQueryOptions({
    queryKey: ["tickets", "messages", ticketId],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/tickets/{id}/messages/", { params: { path: { id: String(ticketId) }, query: { cursor: pageParam, page_size: pageParam ? 150 : 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
