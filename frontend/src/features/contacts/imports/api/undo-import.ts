import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { importQuery } from "./get-import";

export function useUndoImport(importId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/contact-imports/{id}/undo/", { params: { path: { id: String(importId) } } })),
    onSuccess: (job) => queryClient.setQueryData(importQuery(importId).queryKey, job),
  });
}
