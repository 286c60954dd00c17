import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type TestSend = Schemas["TestSendRequest"];

export const useSendTest = () =>
  useMutation({ mutationFn: ({ id, ...body }: TestSend & { id: number }) => unwrap(api.POST("/api/v1/campaigns/{id}/test/", { params: { path: { id: String(id) } }, body })) });

const ENDED = new Set(["failed", "unknown", "delivered", "read", "played"]);

/** What became of a test: asked again until it is there, or failed. */
export const testQuery = (messageId: number) =>
  queryOptions({
    queryKey: ["campaigns", "test", messageId],
    queryFn: () => unwrap(api.GET("/api/v1/messages/{id}/", { params: { path: { id: String(messageId) } } })),
    refetchInterval: ({ state }) => (state.data && ENDED.has(state.data.status) ? false : 1500),
  });
