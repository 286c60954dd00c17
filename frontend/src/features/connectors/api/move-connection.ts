import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { connectionsQuery } from "@/api/lookups";
import { dropConnection, putConnection } from "../live";

/** connect, disconnect, ask the gateway, end a pause, delete. */
export function useMoveConnection(connectionId: number) {
  const queryClient = useQueryClient();
  const params = { path: { id: String(connectionId) } };
  const onSuccess = (connection: Schemas["Connection"]) => putConnection(queryClient, connection);
  const connect = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/connections/{id}/connect/", { params })), onSuccess });
  const connectNew = useMutation({ mutationFn: (id: number) => unwrap(api.POST("/api/v1/connections/{id}/connect/", { params: { path: { id: String(id) } } })), onSuccess, onError: () => queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey }) });
  const disconnect = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/connections/{id}/disconnect/", { params })), onSuccess });
  const refresh = useMutation({ mutationFn: () => unwrap(api.GET("/api/v1/connections/{id}/status/", { params })), onSuccess });
  const resume = useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/connections/{id}/resume/", { params })), onSuccess });
  const remove = useMutation({ mutationFn: () => unwrap(api.DELETE("/api/v1/connections/{id}/", { params })), onSuccess: () => dropConnection(queryClient, connectionId) });
  return { connect, connectNew, disconnect, refresh, resume, remove };
}
