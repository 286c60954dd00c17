import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

/** A letter with a link, if anybody has this address: the answer does not tell. */
export const useAskForReset = () => useMutation({ mutationFn: (email: string) => unwrap(api.POST("/api/v1/auth/password/reset/", { body: { email } })) });

export const resetQuery = (token: string) =>
  queryOptions({ queryKey: ["password-reset", token], queryFn: () => unwrap(api.POST("/api/v1/auth/password/reset/check/", { body: { token } })), retry: false, staleTime: Infinity });

export const useResetPassword = () => useMutation({ mutationFn: (body: Schemas["PasswordResetConfirmRequest"]) => unwrap(api.POST("/api/v1/auth/password/reset/confirm/", { body })) });
