import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Recipient = Schemas["Recipient"];
export type RecipientState = Recipient["state"];

export const recipientsQuery = (campaignId: number, state: RecipientState | null) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", "recipients", campaignId, state],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/campaigns/{id}/recipients/", { params: { path: { id: String(campaignId) }, query: { state: state ? [state] : undefined, cursor: pageParam, page_size: 60 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
