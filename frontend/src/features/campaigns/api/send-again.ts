import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { statsQuery } from "./get-campaign";

/** Those who failed, or of whom nobody knows, get it once more. */
export function useSendAgain(campaignId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["SendAgainRequest"]) => unwrap(api.POST("/api/v1/campaigns/{id}/recipients/send-again/", { params: { path: { id: String(campaignId) } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: statsQuery(campaignId).queryKey }),
  });
}
