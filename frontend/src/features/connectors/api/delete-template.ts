import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { templatesQuery } from "@/api/lookups";

/** At the gateway too. One that a campaign used stays, marked as deleted: hence the list is fetched anew. */
export function useDeleteTemplate(connectionId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE("/api/v1/connections/{id}/templates/{template_pk}/", { params: { path: { id: connectionId, template_pk: id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: templatesQuery(connectionId).queryKey }),
  });
}
