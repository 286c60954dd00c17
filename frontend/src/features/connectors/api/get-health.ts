import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Health = Schemas["ConnectionHealth"];

/** How a number does; its counts are of the last hour, so they are asked for anew while somebody looks. */
export const healthQuery = (connectionId: number) =>
  queryOptions({
    queryKey: ["connections", "health", connectionId],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/health/", { params: { path: { id: String(connectionId) } } })),
    refetchInterval: 30_000,
  });
