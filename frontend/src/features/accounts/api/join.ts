import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { sessionQuery } from "@/api/session";
import { setAccess } from "@/api/token";

export const invitedQuery = (token: string) =>
  queryOptions({ queryKey: ["join", token], queryFn: () => unwrap(api.POST("/api/v1/auth/join/check/", { body: { token } })), retry: false, staleTime: Infinity });

/** Joins, and is logged in as the new colleague. */
export function useJoin() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["JoinRequest"]) => unwrap(api.POST("/api/v1/auth/join/", { body })),
    onSuccess: async (answer) => {
      setAccess(answer.access);
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "join" });
      await queryClient.fetchQuery(sessionQuery);
    },
  });
}
