import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { contactQuery } from "@/api/lookups";

/** Whether the contact asked not to get campaigns. */
export function useSetOptOut(contactId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (isOut: boolean) => {
      const params = { path: { id: String(contactId) } };
      return isOut
        ? unwrap(api.POST("/api/v1/contacts/{id}/opt-out/", { params, body: { purpose: "marketing" } }))
        : unwrap(api.DELETE("/api/v1/contacts/{id}/opt-out/", { params }));
    },
    onSuccess: (contact) => queryClient.setQueryData(contactQuery(contactId).queryKey, contact),
  });
}
