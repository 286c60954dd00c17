import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { sessionQuery } from "./session";

/** Away on every device, or here again. */
export function useSetAway() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (isAway: boolean) => unwrap(api.PUT("/api/v1/auth/presence/", { body: { is_away: isAway } })),
    onSuccess: (session) => queryClient.setQueryData(sessionQuery.queryKey, session),
  });
}
