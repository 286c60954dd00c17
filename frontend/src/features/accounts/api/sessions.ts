import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type LoginSession = Schemas["Session"];

/** Where the person is logged in. */
export const loginSessionsQuery = queryOptions({ queryKey: ["login-sessions"], queryFn: () => unwrap(api.GET("/api/v1/auth/sessions/")) });

/** Ends one, or every other one ("others"). */
export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (which: number | "others") =>
      which === "others" ? unwrap(api.DELETE("/api/v1/auth/sessions/")) : unwrap(api.DELETE("/api/v1/auth/sessions/{id}/", { params: { path: { id: which } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: loginSessionsQuery.queryKey }),
  });
}

/** Ends every other session too. */
export function useChangePassword() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PasswordChangeRequest"]) => unwrap(api.POST("/api/v1/auth/password/", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: loginSessionsQuery.queryKey }),
  });
}
