import { expect, test } from "vitest";
import type { PhoneEntry } from "./api/play-customers";
import { gistOf, talkOf } from "./phone-talk";

const entry = (id: string, more: Partial<PhoneEntry> = {}): PhoneEntry => ({ id, side: "company", kind: "text", body: id, at: 1, ...more });
const reaction = (side: PhoneEntry["side"], target: string, body: string) => entry(`${side}-${body}-${target}`, { kind: "reaction", side, target, body });

test("reactions stand at what they are about, the last of each side, and none is a message", () => {
  const shown = talkOf([entry("a"), entry("b"), reaction("customer", "a", "👍"), reaction("company", "a", "🙏"), reaction("customer", "a", "❤️"), reaction("customer", "b", "😂"), reaction("customer", "b", "")]);

  expect(shown.map(({ id, reactions, isReactedWith }) => [id, reactions, isReactedWith])).toEqual([
    ["a", ["🙏", "❤️"], "❤️"],
    ["b", [], ""],
  ]);
});

test("an answer knows what it answers, as long as the phone has it", () => {
  const [, answer, toNothing] = talkOf([entry("a"), entry("b", { side: "customer", reply_to: "a" }), entry("c", { reply_to: "gone" })]);

  expect([answer?.quoted?.id, toNothing?.quoted]).toEqual(["a", undefined]);
});

test("what has no words is named by its file, its place or its cards", () => {
  const place = { location: { latitude: 1.5, longitude: 2 } };
  const cards = { contacts: [{ name: { formatted_name: "Rosa" }, phones: [] }, { name: { formatted_name: "Rui" }, phones: [] }] };
  const gists = [entry("a"), entry("", { filename: "a.pdf" }), entry("", { payload: place }), entry("", { payload: cards }), entry("")].map(gistOf);

  expect(gists).toEqual(["a", "a.pdf", "1.5, 2", "Rosa, Rui", ""]);
});
