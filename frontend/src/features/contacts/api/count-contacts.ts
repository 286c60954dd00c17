import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { ContactFilters } from "@/api/lookups";

/** How many contacts the filters leave. */
export const contactCountQuery = (filters: ContactFilters) =>
  queryOptions({
    queryKey: ["contacts", "count", filters],
    queryFn: () => unwrap(api.GET("/api/v1/contacts/count/", { params: { query: filters } })).then(({ count }) => count),
  });
