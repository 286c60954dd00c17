import type { Work } from "./api/jobs";

export const queueNames = ["inbound", "outbound", "campaigns", "default"] as const;
export type QueueName = (typeof queueNames)[number];
export type QueueDepth = { queue: QueueName; waiting: number; inFlight: number; failed: number; oldestAt: string | null; works: Work[] };

/** The kinds of work put together by the queue that they wait in; `works` are those that have something to say. */
export function depthsOf(works: Work[]): QueueDepth[] {
  return queueNames.map((queue) => {
    const here = works.filter((work) => work.queue === queue);
    const sum = (count: (work: Work) => number) => here.reduce((total, work) => total + count(work), 0);
    const oldest = here.flatMap((work) => work.oldest_at ?? []).sort((one, other) => Date.parse(one) - Date.parse(other));
    return {
      queue,
      waiting: sum((work) => work.waiting),
      inFlight: sum((work) => work.in_flight),
      failed: sum((work) => work.failed),
      oldestAt: oldest[0] ?? null,
      works: here.filter((work) => work.waiting + work.in_flight + work.failed > 0),
    };
  });
}
