import { expect, test } from "vitest";
import { quickReply } from "@/testing/samples";
import { repliesMatching, slashAt } from "./matching";

test.each([
  ["/", 1, { start: 0, end: 1, words: "" }],
  ["/pi", 3, { start: 0, end: 3, words: "pi" }],
  ["Hello /pi later", 9, { start: 6, end: 9, words: "pi" }],
  ["line\n/olá", 9, { start: 5, end: 9, words: "olá" }],
  ["and/or", 6, null],
  ["/pi ", 4, null],
  ["https://x", 9, null],
  ["Hello", 5, null],
])("%j with the caret at %i", (text, caret, slash) => {
  expect(slashAt(text, caret)).toEqual(slash);
});

test("shortcuts come before titles and texts; accents and case do not matter", () => {
  const replies = [
    quickReply({ id: 1, shortcut: "bye", title: "Até logo", body: "..." }),
    quickReply({ id: 2, shortcut: "x", title: "x", body: "Olá de novo" }),
    quickReply({ id: 3, shortcut: "cola", title: "x", body: "x" }),
    quickReply({ id: 4, shortcut: "olá", title: "x", body: "x" }),
  ];

  expect(repliesMatching(replies, "OLA").map(({ id }) => id)).toEqual([4, 3, 2]);
  expect(repliesMatching(replies, "ate").map(({ id }) => id)).toEqual([1]);
  expect(repliesMatching(replies, "nothing")).toEqual([]);
});

test("among equals one's own comes first, then what is used most", () => {
  const replies = [
    quickReply({ id: 1, shortcut: "a", usage_count: 9 }),
    quickReply({ id: 2, shortcut: "b", usage_count: 10 }),
    quickReply({ id: 3, shortcut: "c", scope: "personal" }),
    quickReply({ id: 4, shortcut: "d", scope: "queue" }),
  ];

  expect(repliesMatching(replies, "").map(({ id }) => id)).toEqual([3, 4, 2, 1]);
});
