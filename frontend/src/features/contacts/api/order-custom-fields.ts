import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";
import { misplaced } from "@/lib/reorder";

/** The fields in their new order, shown at once. */
export function useOrderCustomFields() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (fields: Schemas["CustomField"][]) => {
      const changes = misplaced(fields);
      queryClient.setQueryData(customFieldsQuery.queryKey, fields.map((field, position) => ({ ...field, position })));
      for (const { id, position } of changes) await unwrap(api.PATCH("/api/v1/custom-fields/{id}/", { params: { path: { id: String(id) } }, body: { position } }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: customFieldsQuery.queryKey }),
  });
}
