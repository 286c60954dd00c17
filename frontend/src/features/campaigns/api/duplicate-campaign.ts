import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { putCampaign } from "../live";

/** A new draft that says the same to the same people. */
export function useDuplicateCampaign() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.POST("/api/v1/campaigns/{id}/duplicate/", { params: { path: { id: String(id) } } })),
    onSuccess: (campaign) => putCampaign(queryClient, campaign),
  });
}
