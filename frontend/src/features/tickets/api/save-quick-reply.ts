import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { quickRepliesQuery } from "./list-quick-replies";

/** Creates without an id, changes with one. */
export function useSaveQuickReply(id: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["QuickReplyWriteRequest"]) =>
      id === undefined ? unwrap(api.POST("/api/v1/quick-replies/", { body })) : unwrap(api.PUT("/api/v1/quick-replies/{id}/", { params: { path: { id: String(id) } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey }),
  });
}
