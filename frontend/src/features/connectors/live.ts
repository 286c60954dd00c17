import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { connectionsQuery, templatesQuery } from "@/api/lookups";
import { invalidateSoon } from "@/lib/invalidate-soon";
import type { LiveEvent } from "@/lib/live-event";

type Connection = Schemas["Connection"];

export function putConnection(queryClient: QueryClient, connection: Connection) {
  queryClient.setQueryData(connectionsQuery.queryKey, (old) => {
    if (!old) return old;
    if (old.some(({ id }) => id === connection.id)) return old.map((other) => (other.id === connection.id ? connection : other));
    return [...old, connection].toSorted((a, b) => a.name.localeCompare(b.name));
  });
}

export function dropConnection(queryClient: QueryClient, connectionId: number) {
  queryClient.setQueryData(connectionsQuery.queryKey, (old) => old?.filter(({ id }) => id !== connectionId));
}

/** Numbers as they connect, pause and go, and templates as the gateway judges them: connectors/events.py. A message also rings on the simulator's phone. */
export function connectorsLive(queryClient: QueryClient, event: LiveEvent) {
  if (event.name === "appMessage") return invalidateSoon(queryClient, ["simulator", (event.data.message as Schemas["Message"]).connection]);
  if (event.name === "template") return invalidateSoon(queryClient, templatesQuery(event.data.connection as number).queryKey);
  if (event.name !== "connection") return;
  if (event.action === "delete") return dropConnection(queryClient, event.data.id as number);
  putConnection(queryClient, event.data.connection as Connection);
}
