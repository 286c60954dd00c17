import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { listsQuery } from "@/api/lookups";

export function useCreateList() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(api.POST("/api/v1/contact-lists/", { body: { name } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: listsQuery.queryKey }),
  });
}
