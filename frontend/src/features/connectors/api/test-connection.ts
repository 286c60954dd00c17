import { useMutation } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

/** Whether the gateway takes these credentials; changes nothing. */
export function useTestConnection(connectionId: number | undefined) {
  return useMutation({
    mutationFn: (body: Schemas["CredentialsTestRequest"]) =>
      connectionId === undefined
        ? unwrap(api.POST("/api/v1/connections/test/", { body }))
        : unwrap(api.POST("/api/v1/connections/{id}/test/", { params: { path: { id: String(connectionId) } }, body })),
  });
}
