import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export const ticketQuery = (ticketId: number) =>
  queryOptions({
    queryKey: ["tickets", "detail", ticketId],
    queryFn: () => unwrap(api.GET("/api/v1/tickets/{id}/", { params: { path: { id: String(ticketId) } } })),
  });
