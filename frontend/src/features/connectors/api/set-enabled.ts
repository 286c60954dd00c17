import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { putConnection } from "../live";

export function useSetEnabled() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, is_enabled }: { id: number; is_enabled: boolean }) => unwrap(api.PATCH("/api/v1/connections/{id}/", { params: { path: { id: String(id) } }, body: { is_enabled } })),
    onSuccess: (connection) => putConnection(queryClient, connection),
  });
}
