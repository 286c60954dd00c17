import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export function useDeleteContact() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (contactId: number) => unwrap(api.DELETE("/api/v1/contacts/{id}/", { params: { path: { id: String(contactId) } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["contacts", "list"] }),
  });
}
