import { expect, test } from "vitest";
import { message } from "@/testing/samples";
import type { Outgoing } from "./outbox";
import { isJoined, linesOf } from "./stream";

const outgoing = (part: Partial<Outgoing>): Outgoing => ({ key: "k", ticketId: 1, kind: "message", draft: {}, text: "Hello", at: "2026-11-22T12:00:01Z", error: null, ...part });

test("a sent message keeps its line when the server's copy arrives, whichever way comes first", () => {
  const before = linesOf([message({ id: 1 })], [outgoing({ key: "abc" })], 7);
  const both = linesOf([message({ id: 2, client_key: "abc" }), message({ id: 1 })], [outgoing({ key: "abc" })], 7);
  const after = linesOf([message({ id: 2, client_key: "abc" }), message({ id: 1 })], [], 7);

  expect([before, both, after].map((lines) => lines.map(({ key }) => key))).toEqual([["m1", "abc"], ["m1", "abc"], ["m1", "abc"]]);
});

test("a note whose push overtakes its answer is shown once", () => {
  const note = outgoing({ kind: "note", text: "She is a VIP" });

  expect(linesOf([message({ id: 4, kind: "note", body: "She is a VIP", occurred_at: "2026-11-22T12:00:02Z" })], [note], 7).length).toBe(1);
  expect(linesOf([message({ id: 4, kind: "note", body: "She is a VIP", occurred_at: "2026-11-20T12:00:00Z" })], [note], 7).length).toBe(2);
});

test("lines join when the same side speaks again within ten minutes of the same day", () => {
  const [a, b, c, d] = linesOf([message({ id: 4, direction: "in", origin: "contact", author: null, occurred_at: "2026-11-22T12:14:00Z" }), message({ id: 3, occurred_at: "2026-11-22T12:13:00Z" }), message({ id: 2, occurred_at: "2026-11-22T12:02:00Z" }), message({ id: 1 })], [], 7);

  expect([isJoined(a, b), isJoined(b, c), isJoined(c, d), isJoined(undefined, a)]).toEqual([true, false, false, false]);
});
