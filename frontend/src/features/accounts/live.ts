import type { QueryClient } from "@tanstack/react-query";
import { usersQuery } from "@/api/lookups";
import { sessionQuery } from "@/api/session";
import type { Schemas } from "@/api/client";
import { invitationsQuery } from "./api/invitations";
import { unreadNoticesQuery } from "./api/count-notices";
import { type Notice, noticesQuery } from "./api/list-notices";
import { insertSorted, mapPages } from "@/api/page";
import type { LiveEvent } from "@/lib/live-event";

type Told = Pick<Schemas["Teammate"], "id"> & Partial<Schemas["Teammate"]>;

/** People come, go and change role; who is merely here or away is put where the list has them. */
export function accountsLive(queryClient: QueryClient, event: LiveEvent) {
  if (event.name === "notification") return noticesLive(queryClient, event);
  if (event.name !== "user") return;
  const user = event.data.user as Told | undefined;
  if (user?.presence !== undefined) {
    queryClient.setQueryData(usersQuery.queryKey, (people) => people?.map((person) => (person.id === user.id ? { ...person, ...user } : person)));
    return;
  }
  void queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  if (user?.id === event.userId) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

/** A new one stands first; those that another browser has read are counted anew. */
function noticesLive(queryClient: QueryClient, event: LiveEvent) {
  const notice = event.action === "create" ? (event.data.notification as Notice) : null;
  if (notice) queryClient.setQueryData(noticesQuery.queryKey, (old) => old && insertSorted(mapPages(old, (known) => (known.id === notice.id ? null : known)), notice, (a, b) => a.id > b.id));
  else void queryClient.invalidateQueries({ queryKey: noticesQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: unreadNoticesQuery.queryKey });
}
