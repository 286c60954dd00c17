import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { putTicket } from "../live";

type Transfer = Schemas["TransferRequest"];

/** accept, close, reopen, transfer: each answers with the ticket as it is now. */
export function useMoveTicket(ticketId: number, userId: number) {
  const queryClient = useQueryClient();
  const params = { path: { id: String(ticketId) } };
  const onSuccess = (ticket: Schemas["Ticket"]) => putTicket(queryClient, ticket, userId);
  const accept = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/tickets/{id}/accept/", { params })), onSuccess });
  const close = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/tickets/{id}/close/", { params })), onSuccess });
  const reopen = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/tickets/{id}/reopen/", { params })), onSuccess });
  const transfer = useMutation({ mutationFn: (body: Transfer) => unwrap(api.POST("/api/v1/tickets/{id}/transfer/", { params, body })), onSuccess });
  return { accept, close, reopen, transfer };
}
