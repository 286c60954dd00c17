import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Pacing = Schemas["Pacing"];

const at = (connectionId: number) => ({ path: { id: connectionId } });

export const pacingQuery = (connectionId: number) =>
  queryOptions({ queryKey: ["connections", "pacing", connectionId], queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/pacing/", { params: at(connectionId) })) });

export function useSavePacing(connectionId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedPacingRequest"]) => unwrap(api.PATCH("/api/v1/connections/{id}/pacing/", { params: at(connectionId), body })),
    onSuccess: (pacing) => {
      queryClient.setQueryData(pacingQuery(connectionId).queryKey, pacing);
      void queryClient.invalidateQueries({ queryKey: ["connections", "health", connectionId] });
    },
  });
}
