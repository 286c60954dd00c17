import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { putConnection } from "../live";

/** A number on its way: a code is sent to it, entered here, and a PIN brings it to the gateway. */
export function useRegisterNumber(connectionId: number) {
  const queryClient = useQueryClient();
  const params = { path: { id: connectionId } };
  const ask = useMutation({ mutationFn: (body: Schemas["CodeRequestRequest"]) => unwrap(api.POST("/api/v1/connections/{id}/request-code/", { params, body })) });
  const verify = useMutation({ mutationFn: (body: Schemas["CodeRequest"]) => unwrap(api.POST("/api/v1/connections/{id}/verify-code/", { params, body })) });
  const register = useMutation({ mutationFn: (body: Schemas["PinRequest"]) => unwrap(api.POST("/api/v1/connections/{id}/register/", { params, body })), onSuccess: (connection) => putConnection(queryClient, connection) });
  return { ask, verify, register };
}
