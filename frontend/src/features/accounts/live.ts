import type { QueryClient } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { usersQuery } from "@/api/lookups";
import { invitationsQuery } from "./api/invitations";
import type { LiveEvent } from "@/lib/live-event";

/** People come, go and change role. */
export function accountsLive(queryClient: QueryClient, event: LiveEvent) {
  if (event.name !== "user") return;
  void queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const user = event.data.user as { id?: number } | undefined;
  if (user?.id === event.userId) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}
