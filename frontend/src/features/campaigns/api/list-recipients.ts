import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Recipient = Schemas["Recipient"];
export type RecipientState = NonNullable<Recipient["state"]>;
export const recipientSteps = ["sent", "not_delivered", "delivered", "not_read", "read", "not_replied", "replied", "failed", "unknown"] as const;
export type RecipientStep = (typeof recipientSteps)[number];
export type RecipientFilters = { search: string; state: RecipientState | null; step: RecipientStep | null; connection: number | null; variant: number | null; error: string | null };

export const queryOf = ({ search, state, step, connection, variant, error }: RecipientFilters) => ({ search: search || undefined, state: state ? [state] : undefined, step: step ?? undefined, connection: connection ?? undefined, variant: variant ?? undefined, error: error ?? undefined });

export const recipientsQuery = (campaignId: number, filters: RecipientFilters) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", "recipients", campaignId, filters],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/campaigns/{id}/recipients/", { params: { path: { id: String(campaignId) }, query: { ...queryOf(filters), cursor: pageParam, page_size: 60 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
