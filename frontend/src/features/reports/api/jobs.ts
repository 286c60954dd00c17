import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { nextCursor } from "@/api/page";

export type Job = Schemas["Job"];
export type Work = Schemas["Work"];
export const jobStates = ["failed", "waiting", "done"] as const;
export type JobState = (typeof jobStates)[number];
export const jobKinds = ["message", "campaign", "schedule", "import", "file", "webhook", "letter", "timer", "announcement"] as const;
export type JobKind = (typeof jobKinds)[number];

const JOBS = ["jobs"] as const;
const DEPTH_MS = 5_000;
const LIST_MS = 15_000;

/** How deep each queue is now; asked again and again while it is looked at. */
export const depthQuery = queryOptions({ queryKey: [...JOBS, "depth"], queryFn: () => unwrap(api.GET("/api/v1/jobs/")), refetchInterval: DEPTH_MS, staleTime: 0 });

export const jobsQuery = (state: JobState, kind: JobKind | null) =>
  infiniteQueryOptions({
    queryKey: [...JOBS, "list", state, kind],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/jobs/history/", { params: { query: { state, kind: kind ? [kind] : undefined, cursor: pageParam, page_size: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    refetchInterval: LIST_MS,
    staleTime: 0,
  });

export function useRetryJob() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (job: string) => unwrap(api.POST("/api/v1/jobs/{job}/retry/", { params: { path: { job } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: JOBS }),
  });
}
