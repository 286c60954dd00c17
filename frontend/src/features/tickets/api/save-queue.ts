import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { queuesQuery } from "@/api/lookups";

/** Creates without an id, changes with one. */
export function useSaveQueue(id: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["QueueWriteRequest"]) => (id === undefined ? unwrap(api.POST("/api/v1/queues/", { body })) : unwrap(api.PUT("/api/v1/queues/{id}/", { params: { path: { id: String(id) } }, body }))),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey }),
  });
}
