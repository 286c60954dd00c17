import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { tagsQuery } from "@/api/lookups";

/** Creates without an id, changes with one. */
export function useSaveTag(id: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["TagRequest"]) => (id === undefined ? unwrap(api.POST("/api/v1/tags/", { body })) : unwrap(api.PUT("/api/v1/tags/{id}/", { params: { path: { id: String(id) } }, body }))),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey }),
  });
}
