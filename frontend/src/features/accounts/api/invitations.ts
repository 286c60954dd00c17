import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Invitation = Schemas["Invitation"];

const SOON = 3_000;

/** Open invitations. While a letter is on its way the list is asked again, until it has arrived or failed. */
export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: () => unwrap(api.GET("/api/v1/invitations/", { params: { query: { page_size: 200 } } })).then((page) => page.results),
  refetchInterval: ({ state }) => (state.data?.some(({ letter }) => letter?.state === "waiting") ? SOON : false),
});

function useInvitations<T>(mutationFn: (value: T) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }) });
}

export const useInvite = () => useInvitations((body: Schemas["NewInvitationRequest"]) => unwrap(api.POST("/api/v1/invitations/", { body })));
export const useResend = () => useInvitations((id: number) => unwrap(api.POST("/api/v1/invitations/{id}/resend/", { params: { path: { id: String(id) } } })));
export const useWithdraw = () => useInvitations((id: number) => unwrap(api.DELETE("/api/v1/invitations/{id}/", { params: { path: { id: String(id) } } })));
