import { expect, test } from "vitest";
import { withGaps, withRoomBefore } from "./timeline-steps";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute));

test("minutes in which nothing happened are columns of nothing", () => {
  const filled = withGaps([{ at: at(0), amount: 5 }, { at: at(3), amount: 2 }], "minute");

  expect(filled.map(({ at: moment, amount }) => [moment.getUTCMinutes(), amount])).toEqual([[0, 5], [1, 0], [2, 0], [3, 2]]);
});

test("a day that lost an hour is one day", () => {
  const filled = withGaps([{ at: new Date("2026-03-28T00:00:00+01:00"), amount: 1 }, { at: new Date("2026-03-29T00:00:00+01:00"), amount: 1 }, { at: new Date("2026-03-30T00:00:00+02:00"), amount: 1 }], "day");

  expect(filled).toHaveLength(3);
});

test("a campaign of one minute is one column among ten", () => {
  const shown = withRoomBefore([{ at: at(30), amount: 5 }], "minute");

  expect(shown.map(({ at: moment, amount }) => [moment.getUTCMinutes(), amount])).toEqual([[21, 0], [22, 0], [23, 0], [24, 0], [25, 0], [26, 0], [27, 0], [28, 0], [29, 0], [30, 5]]);
  expect(withRoomBefore([], "minute")).toEqual([]);
});
