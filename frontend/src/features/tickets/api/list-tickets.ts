import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Ticket = Schemas["Ticket"];
export type TicketStatus = Ticket["status"];
export type TicketFilters = { status: TicketStatus; mine: boolean; queue: number | null; search: string };

export const ticketsQuery = (filters: TicketFilters) =>
  infiniteQueryOptions({
    queryKey: ["tickets", "list", filters],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/tickets/", {
          params: { query: { status: [filters.status], mine: filters.mine || undefined, queue: filters.queue ?? undefined, search: filters.search || undefined, cursor: pageParam, page_size: 50 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
