import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Schedule = Schemas["Schedule"];
export type Writing = Schemas["ScheduleWriteRequest"];
export type Changes = Schemas["PatchedScheduleChangeRequest"];

export const SCHEDULES = ["schedules"] as const;

/** What waits in one conversation, soonest first. */
export const waitingQuery = (ticketId: number) =>
  queryOptions({
    queryKey: [...SCHEDULES, "ticket", ticketId],
    queryFn: async () => {
      const { results } = await unwrap(api.GET("/api/v1/schedules/", { params: { query: { ticket: ticketId, status: ["waiting"], page_size: 50 } } }));
      return results.sort((a, b) => Date.parse(a.due_at ?? "") - Date.parse(b.due_at ?? ""));
    },
  });

/** Each time at which something goes, or went; `start` and `end` are moments. */
export const calendarQuery = (start: string, end: string) =>
  queryOptions({
    queryKey: [...SCHEDULES, "calendar", start, end],
    queryFn: () => unwrap(api.GET("/api/v1/schedules/calendar/", { params: { query: { start, end } } })),
  });

export const scheduleQuery = (id: number) =>
  queryOptions({ queryKey: [...SCHEDULES, "one", id], queryFn: () => unwrap(api.GET("/api/v1/schedules/{id}/", { params: { path: { id: String(id) } } })) });

export const runsQuery = (id: number) =>
  queryOptions({ queryKey: [...SCHEDULES, "runs", id], queryFn: async () => (await unwrap(api.GET("/api/v1/schedules/{id}/runs/", { params: { path: { id: String(id) } } }))).results });

export function useSchedule() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Writing) => unwrap(api.POST("/api/v1/schedules/", { body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SCHEDULES }),
  });
}

export function useChangeSchedule(id: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Changes) => unwrap(api.PATCH("/api/v1/schedules/{id}/", { params: { path: { id: String(id) } }, body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SCHEDULES }),
  });
}

export function useCallOff() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.POST("/api/v1/schedules/{id}/cancel/", { params: { path: { id: String(id) } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SCHEDULES }),
  });
}
