import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { putConnection } from "../live";

/** What Meta sent the person back with becomes connections. */
export function useFinishSignup() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["SignUpRequest"]) => unwrap(api.POST("/api/v1/connections/signup/", { body })),
    onSuccess: (connections) => connections.forEach((connection) => putConnection(queryClient, connection)),
  });
}
