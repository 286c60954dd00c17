import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { templatesQuery } from "@/api/lookups";

/** Fetches the templates from the gateway anew. */
export function useSyncTemplates(connectionId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/connections/{id}/templates/sync/", { params: { path: { id: connectionId } } })),
    onSuccess: (templates) => queryClient.setQueryData(templatesQuery(connectionId).queryKey, templates),
  });
}
