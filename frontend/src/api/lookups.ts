import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "./client";
import { nextCursor } from "./page";

// What several features choose from. Short lists: one page of 200 is all of them.
const all = { params: { query: { page_size: 200 } } };
const results = <T>(page: { results: T[] }) => page.results;

export const usersQuery = queryOptions({ queryKey: ["users"], queryFn: () => unwrap(api.GET("/api/v1/users/", all)).then(results), staleTime: 300_000 });
export const queuesQuery = queryOptions({ queryKey: ["queues"], queryFn: () => unwrap(api.GET("/api/v1/queues/", all)).then(results), staleTime: 300_000 });
export const tagsQuery = queryOptions({ queryKey: ["tags"], queryFn: () => unwrap(api.GET("/api/v1/tags/", all)).then(results), staleTime: 300_000 });
export const listsQuery = queryOptions({ queryKey: ["contact-lists"], queryFn: () => unwrap(api.GET("/api/v1/contact-lists/", all)).then(results), staleTime: 60_000 });
export const customFieldsQuery = queryOptions({ queryKey: ["custom-fields"], queryFn: () => unwrap(api.GET("/api/v1/custom-fields/", all)).then(results), staleTime: 300_000 });
export const connectionsQuery = queryOptions({ queryKey: ["connections"], queryFn: () => unwrap(api.GET("/api/v1/connections/", all)).then(results), staleTime: 300_000 });

/** Where a new send starts from, unless somebody chooses: a number that works. */
export const usualConnection = (connections: Schemas["Connection"][]) => connections.find(({ state, is_enabled }) => state === "connected" && is_enabled) ?? connections[0];

export const templatesQuery = (connectionId: number) =>
  queryOptions({
    queryKey: ["templates", connectionId],
    queryFn: () => unwrap(api.GET("/api/v1/connections/{id}/templates/", { params: { path: { id: connectionId } } })),
    enabled: connectionId > 0,
    staleTime: 300_000,
  });

export type ContactFilters = { search?: string; tag?: number; list?: number; opted_out?: boolean; seen_before?: string; seen_after?: string };
export const isFiltered = (filters: ContactFilters) => Object.values(filters).some((value) => value !== undefined && value !== "");

export const contactsQuery = (filters: ContactFilters) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "list", filters],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/contacts/", { params: { query: { ...filters, search: filters.search || undefined, cursor: pageParam, page_size: 60 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });

export const contactQuery = (contactId: number) =>
  queryOptions({
    queryKey: ["contacts", "detail", contactId],
    queryFn: () => unwrap(api.GET("/api/v1/contacts/{id}/", { params: { path: { id: String(contactId) } } })),
  });
