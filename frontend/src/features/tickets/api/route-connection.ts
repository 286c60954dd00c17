import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { routingsQuery } from "./list-routings";

export function useRouteConnection() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["RoutingWriteRequest"]) => unwrap(api.POST("/api/v1/connection-routings/", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: routingsQuery.queryKey }),
  });
}
