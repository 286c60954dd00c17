import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";

/** Creates without an id, changes with one. */
export function useSaveCustomField(id: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["CustomFieldRequest"]) => (id === undefined ? unwrap(api.POST("/api/v1/custom-fields/", { body })) : unwrap(api.PUT("/api/v1/custom-fields/{id}/", { params: { path: { id: String(id) } }, body }))),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: customFieldsQuery.queryKey }),
  });
}
