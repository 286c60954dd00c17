import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { ticketQuery } from "./get-ticket";

export function useStartTicket() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Schemas["StartTicketRequest"] & { key: string }) => unwrap(api.POST("/api/v1/tickets/", { body, headers: { "Idempotency-Key": key } })),
    onSuccess: (ticket) => {
      queryClient.setQueryData(ticketQuery(ticket.id).queryKey, ticket);
      void queryClient.invalidateQueries({ queryKey: ["tickets", "list"] });
    },
  });
}
