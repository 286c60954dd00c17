import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type ContactImport = Schemas["ContactImport"];

export const importsQuery = infiniteQueryOptions({
  queryKey: ["contact-imports", "list"],
  queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/contact-imports/", { params: { query: { cursor: pageParam, page_size: 30 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
});
