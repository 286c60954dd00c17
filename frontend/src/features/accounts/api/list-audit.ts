import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import i18next from "i18next";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type AuditEntry = Schemas["AuditEntry"];
export type AuditChange = Schemas["AuditChange"];
export type AuditFilters = { kind: string; actor: string; since: string; until: string };

/** Days are the reader's: from their first moment to their last. */
export const auditParameters = ({ kind, actor, since, until }: AuditFilters) => ({
  kind: (kind || undefined) as "login" | undefined,
  actor: actor ? Number(actor) : undefined,
  since: since ? new Date(`${since}T00:00:00`).toISOString() : undefined,
  until: until ? new Date(new Date(`${until}T00:00:00`).getTime() + 86_400_000).toISOString() : undefined,
});

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ["audit-log", "list", i18next.language, filters],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/audit-log/", { params: { query: { ...auditParameters(filters), cursor: pageParam, page_size: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    staleTime: 0,
  });

export const auditChoicesQuery = () =>
  queryOptions({
    queryKey: ["audit-log", "choices", i18next.language],
    queryFn: () => unwrap(api.GET("/api/v1/audit-log/choices/")),
  });
