import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { putMessage } from "../live";

export function useRetryMessage() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (messageId: number) => unwrap(api.POST("/api/v1/messages/{id}/retry/", { params: { path: { id: String(messageId) } } })),
    onSuccess: (message) => putMessage(queryClient, message),
  });
}
