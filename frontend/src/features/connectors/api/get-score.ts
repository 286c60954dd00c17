import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What a number's campaign messages of the last days say of it. Under the key of its health: both are asked for anew together. */
export const scoreQuery = (connectionId: number) =>
  queryOptions({
    queryKey: ["connections", "health", connectionId, "score"],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/health/score/", { params: { path: { id: connectionId } } })),
    refetchInterval: 30_000,
  });
