import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Audience = Schemas["PreviewRequest"];
export type Survey = Schemas["Survey"];
export type Sample = Schemas["Sample"];

/** Who would get it now, who would not and why, and what keeps it from starting. */
export const surveyQuery = (audience: Audience) =>
  queryOptions({
    queryKey: ["campaigns", "audience", audience],
    queryFn: () => unwrap(api.POST("/api/v1/campaigns/audience/", { body: audience })),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
