import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** The address that a gateway calls. */
export const webhookQuery = (connectionId: number) =>
  queryOptions({
    queryKey: ["connections", "webhook", connectionId],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/webhook/", { params: { path: { id: String(connectionId) } } })),
    staleTime: 300_000,
  });
