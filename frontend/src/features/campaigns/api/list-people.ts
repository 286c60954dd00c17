import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Audience, Sample } from "./preview-audience";

export type Reason = Sample["reason"];

/** Who would get a campaign that is being written (`reason` empty), or who would not for this reason; found by name or number. */
export const peopleQuery = (audience: Audience, reason: Reason, search: string) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", "people", audience, reason, search],
    queryFn: ({ pageParam }) => unwrap(api.POST("/api/v1/campaigns/audience/people/", { body: { ...audience, reason, search, after: pageParam } })),
    initialPageParam: 0,
    getNextPageParam: ({ after }) => after,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
