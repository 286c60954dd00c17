import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { putConnection } from "../live";

type Write = Schemas["ConnectionWriteRequest"];

/** An empty secret keeps the stored one. */
export function useSaveConnection(connectionId: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ provider, ...fields }: Write) =>
      connectionId === undefined
        ? unwrap(api.POST("/api/v1/connections/", { body: { provider, ...fields } }))
        : unwrap(api.PATCH("/api/v1/connections/{id}/", { params: { path: { id: String(connectionId) } }, body: fields })),
    onSuccess: (connection) => putConnection(queryClient, connection),
  });
}
