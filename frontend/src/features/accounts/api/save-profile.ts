import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { sessionQuery } from "@/api/session";

/** Changes what the person may change of themselves; the session shows it at once. */
export function useSaveProfile() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedOwnChangeRequest"]) => unwrap(api.PATCH("/api/v1/auth/me/", { body })),
    onSuccess: (me) => queryClient.setQueryData(sessionQuery.queryKey, me),
  });
}
