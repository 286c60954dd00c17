import { queryOptions } from "@tanstack/react-query";
import { api, ApiError, type Fault, type Schemas, unwrap } from "@/api/client";

/** What the gateway would refuse of this draft, by field; empty when it may be handed in. */
export const checkQuery = (connectionId: number, body: Schemas["TemplateDraftRequest"]) =>
  queryOptions({
    queryKey: ["template-check", connectionId, body],
    queryFn: async (): Promise<Fault[]> => {
      try {
        await unwrap(api.POST("/api/v1/connections/{id}/templates/check/", { params: { path: { id: connectionId } }, body }));
        return [];
      } catch (error) {
        if (error instanceof ApiError && error.status === 400) return error.faults;
        throw error;
      }
    },
    retry: false,
    gcTime: 60_000,
    staleTime: Infinity,
  });
