import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { routingsQuery } from "./list-routings";

export function useDeleteQueue() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE("/api/v1/queues/{id}/", { params: { path: { id: String(id) } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: routingsQuery.queryKey });
      return queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey });
    },
  });
}
