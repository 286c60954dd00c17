import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { importQuery } from "./get-import";

/** `isDryRun`: count only. */
export function useStartImport(importId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (isDryRun: boolean) => unwrap(api.POST("/api/v1/contact-imports/{id}/start/", { params: { path: { id: String(importId) } }, body: { dry_run: isDryRun } })),
    onSuccess: (job) => queryClient.setQueryData(importQuery(importId).queryKey, job),
  });
}
