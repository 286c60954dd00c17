import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { dropCampaign } from "../live";

export function useDeleteCampaign() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE("/api/v1/campaigns/{id}/", { params: { path: { id: String(id) } } })),
    onSuccess: (_, id) => dropCampaign(queryClient, id),
  });
}
