import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { misplaced } from "@/lib/reorder";

/** The queues in their new order, shown at once. */
export function useOrderQueues() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (queues: Schemas["Queue"][]) => {
      const changes = misplaced(queues);
      queryClient.setQueryData(queuesQuery.queryKey, queues.map((queue, position) => ({ ...queue, position })));
      for (const { id, position } of changes) await unwrap(api.PATCH("/api/v1/queues/{id}/", { params: { path: { id: String(id) } }, body: { position } }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey }),
  });
}
