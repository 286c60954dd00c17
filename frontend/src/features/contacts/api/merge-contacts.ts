import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { contactQuery } from "@/api/lookups";

/** The other contact becomes part of this one. */
export function useMergeContacts(contactId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (contact: number) => unwrap(api.POST("/api/v1/contacts/{id}/merge/", { params: { path: { id: String(contactId) } }, body: { contact } })),
    onSuccess: (merged) => {
      queryClient.setQueryData(contactQuery(contactId).queryKey, merged);
      void queryClient.invalidateQueries({ queryKey: ["contacts", "list"] });
    },
  });
}
