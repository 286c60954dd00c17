import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Saying = Schemas["SayingRequest"];
export type PhoneEntry = Schemas["PhoneEntry"];

const OFTEN = 3_000; // campaigns' messages and receipts send no frames; the socket only hurries this on

export const customersQuery = (connectionId: number) =>
  queryOptions({
    queryKey: ["simulator", connectionId, "customers"],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/simulator/", { params: { path: { id: connectionId } } })),
    refetchInterval: OFTEN,
  });

export const phoneQuery = (connectionId: number, number: string) =>
  queryOptions({
    queryKey: ["simulator", connectionId, "phone", number],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/simulator/{customer}/messages/", { params: { path: { id: connectionId, customer: number } } })),
    refetchInterval: OFTEN,
  });

export function useAddCustomer(connectionId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { number: string; name: string }) => unwrap(api.POST("/api/v1/connections/{id}/simulator/", { params: { path: { id: connectionId } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: customersQuery(connectionId).queryKey }),
  });
}

/** The customer is writing: told now and then while it lasts, and lost without harm. */
export const tellTyping = (connectionId: number, number: string) =>
  void api.POST("/api/v1/connections/{id}/simulator/{customer}/typing/", { params: { path: { id: connectionId, customer: number } } }).catch(() => undefined);

/** The customer sends a message. */
export function useSay(connectionId: number, number: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Saying) => unwrap(api.POST("/api/v1/connections/{id}/simulator/{customer}/messages/", { params: { path: { id: connectionId, customer: number } }, body })),
    onSuccess: (entry) => {
      queryClient.setQueryData(phoneQuery(connectionId, number).queryKey, (old) => (old?.some(({ id }) => id === entry.id) ? old : [...(old ?? []), entry]));
      void queryClient.invalidateQueries({ queryKey: ["simulator", connectionId] });
    },
  });
}
