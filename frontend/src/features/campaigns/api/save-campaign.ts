import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { putCampaign } from "../live";

export type CampaignWrite = Schemas["CampaignWriteRequest"];

/** Stores the draft; creates it when there is no id yet. */
export function useSaveCampaign() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: CampaignWrite & { id: number | null }) =>
      id === null ? unwrap(api.POST("/api/v1/campaigns/", { body })) : unwrap(api.PATCH("/api/v1/campaigns/{id}/", { params: { path: { id: String(id) } }, body })),
    onSuccess: (campaign) => putCampaign(queryClient, campaign),
  });
}
