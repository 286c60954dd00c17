import { expect, test } from "vitest";
import { misplaced, moved } from "./reorder";

const abc = [{ id: 1, position: 0 }, { id: 2, position: 1 }, { id: 3, position: 2 }];

test("an item moves and only what stands elsewhere is written", () => {
  const next = moved(abc, 2, 1);

  expect(next.map(({ id }) => id)).toEqual([1, 3, 2]);
  expect(misplaced(next)).toEqual([{ id: 3, position: 1 }, { id: 2, position: 2 }]);
});

test("positions that were never given are given all at once", () => {
  expect(misplaced(moved([{ id: 1, position: 0 }, { id: 2, position: 0 }, { id: 3, position: 0 }], 0, 2))).toEqual([{ id: 3, position: 1 }, { id: 1, position: 2 }]);
});
