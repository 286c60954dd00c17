import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { putCampaign } from "../live";
import type { Campaign } from "./list-campaigns";

/** start, pause, resume, cancel: each answers with the campaign as it is now. */
export function useMoveCampaign() {
  const queryClient = useQueryClient();
  const onSuccess = (campaign: Campaign) => putCampaign(queryClient, campaign);
  const path = (id: number) => ({ params: { path: { id: String(id) } } });
  const start = useMutation({ mutationFn: ({ id, starts_at }: { id: number; starts_at: string | null }) => unwrap(api.POST("/api/v1/campaigns/{id}/start/", { ...path(id), body: { starts_at } })), onSuccess });
  const pause = useMutation({ mutationFn: (id: number) => unwrap(api.POST("/api/v1/campaigns/{id}/pause/", path(id))), onSuccess });
  const resume = useMutation({ mutationFn: (id: number) => unwrap(api.POST("/api/v1/campaigns/{id}/resume/", path(id))), onSuccess });
  const cancel = useMutation({ mutationFn: (id: number) => unwrap(api.POST("/api/v1/campaigns/{id}/cancel/", path(id))), onSuccess });
  return { start, pause, resume, cancel };
}
