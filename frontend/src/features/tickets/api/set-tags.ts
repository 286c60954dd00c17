import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { putTicket } from "../live";

/** Exactly these tags. */
export function useSetTags(ticketId: number, userId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (tags: number[]) => unwrap(api.PUT("/api/v1/tickets/{id}/tags/", { params: { path: { id: String(ticketId) } }, body: { tags } })),
    onSuccess: (ticket) => putTicket(queryClient, ticket, userId),
  });
}
