import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { quickRepliesQuery } from "./list-quick-replies";

/** The reply as it goes into this conversation: its variables filled, its file. The server counts the use. */
export function useFillQuickReply(ticketId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.POST("/api/v1/quick-replies/{id}/use/", { params: { path: { id: String(id) } }, body: { ticket: ticketId } })),
    onSuccess: (_, id) => queryClient.setQueryData(quickRepliesQuery.queryKey, (all) => all?.map((reply) => (reply.id === id ? { ...reply, usage_count: reply.usage_count + 1 } : reply))),
  });
}
