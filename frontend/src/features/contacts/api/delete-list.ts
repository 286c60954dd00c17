import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { listsQuery } from "@/api/lookups";

export function useDeleteList() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE("/api/v1/contact-lists/{id}/", { params: { path: { id: String(id) } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: listsQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
    },
  });
}
