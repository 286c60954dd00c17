import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { queuesQuery, usersQuery } from "@/api/lookups";
import { nextCursor } from "@/api/page";

export type Teammate = Schemas["Teammate"];
export type PeopleFilters = { search?: string; role?: Teammate["role"]; is_active?: boolean };

/** Everybody who works here, or did. The key begins like that of the short list, so that both are renewed together. */
export const peopleQuery = (filters: PeopleFilters) =>
  infiniteQueryOptions({
    queryKey: [...usersQuery.queryKey, "list", filters],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/users/", { params: { query: { ...filters, search: filters.search || undefined, cursor: pageParam, page_size: 60 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });

/** Their queues, and how many conversations would wait again if they left. */
export const workQuery = (userId: number) => queryOptions({ queryKey: [...usersQuery.queryKey, "work", userId], queryFn: () => unwrap(api.GET("/api/v1/users/{id}/queues/", { params: { path: { id: userId } } })) });

export type PersonChange = { user?: Schemas["PatchedUserChangeRequest"]; queues?: number[] };

/** What is given is changed, the rest stays. */
export function useChangePerson(userId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ user, queues }: PersonChange) => {
      if (user) await unwrap(api.PATCH("/api/v1/users/{id}/", { params: { path: { id: String(userId) } }, body: user }));
      if (queues) await unwrap(api.PUT("/api/v1/users/{id}/queues/", { params: { path: { id: userId } }, body: { queues } }));
    },
    onSettled: () => Promise.all([queryClient.invalidateQueries({ queryKey: usersQuery.queryKey }), queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey })]),
  });
}
