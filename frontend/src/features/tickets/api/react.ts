import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { randomId } from "@/lib/random-id";
import { putMessage } from "../live";

/** An emoji on a message; an empty one takes it back. */
export function useReact() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ messageId, emoji }: { messageId: number; emoji: string }) =>
      unwrap(api.POST("/api/v1/messages/{id}/react/", { params: { path: { id: String(messageId) } }, headers: { "Idempotency-Key": randomId() }, body: { emoji } })),
    onSuccess: (message) => putMessage(queryClient, message),
  });
}
