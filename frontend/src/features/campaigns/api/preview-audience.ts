import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Audience = Schemas["PreviewRequest"];

/** How many would get it now, and who would not, with the reason. */
export const audienceQuery = (audience: Audience) =>
  queryOptions({
    queryKey: ["campaigns", "audience", audience],
    queryFn: () => unwrap(api.POST("/api/v1/campaigns/audience/", { body: audience })),
    enabled: Boolean(audience.lists?.length) || Boolean(audience.tags?.length),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
