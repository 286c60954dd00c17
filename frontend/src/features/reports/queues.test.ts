import { expect, it } from "vitest";
import type { Work } from "./api/jobs";
import { depthsOf } from "./queues";

const work = (kind: string, queue: string, more: Partial<Work> = {}): Work => ({ kind, queue, waiting: 0, in_flight: 0, failed: 0, oldest_at: null, ...more });

it("puts the kinds of work together by their queue, with the oldest that waits", () => {
  const files = work("file", "default", { waiting: 2, oldest_at: "2026-11-26T10:00:00Z" });
  const letters = work("letter", "default", { waiting: 1, failed: 1, oldest_at: "2026-11-26T11:00:00+02:00" });

  const depths = depthsOf([files, letters, work("import", "default"), work("message", "outbound", { in_flight: 3 })]);

  expect(depths.map(({ queue, waiting, inFlight, failed }) => [queue, waiting, inFlight, failed])).toEqual([
    ["inbound", 0, 0, 0],
    ["outbound", 0, 3, 0],
    ["campaigns", 0, 0, 0],
    ["default", 3, 0, 1],
  ]);
  expect(depths[3]?.oldestAt).toBe("2026-11-26T11:00:00+02:00");
  expect(depths[3]?.works).toEqual([files, letters]);
});
