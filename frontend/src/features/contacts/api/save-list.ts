import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { listsQuery } from "@/api/lookups";

export function useRenameList() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: number; name: string }) => unwrap(api.PATCH("/api/v1/contact-lists/{id}/", { params: { path: { id: String(id) } }, body: { name } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: listsQuery.queryKey }),
  });
}
