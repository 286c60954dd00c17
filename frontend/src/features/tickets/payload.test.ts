import { expect, test } from "vitest";
import { cardsOf, placeOf, reactionsOf } from "./payload";

test("a reaction of both is one with a count, one that was taken back is none", () => {
  const both = reactionsOf({ reactions: { in: { emoji: "👍", at: "" }, out: { emoji: "👍", at: "" } } });
  const theirs = reactionsOf({ reactions: { in: { emoji: "❤️", at: "" }, out: { emoji: "", at: "" } } });

  expect(both).toEqual([{ emoji: "👍", count: 2, isOurs: true }]);
  expect(theirs).toEqual([{ emoji: "❤️", count: 1, isOurs: false }]);
});

test("places and cards are read from what gateways say, and nothing from what they do not", () => {
  const place = placeOf({ location: { latitude: -23.55, longitude: -46.63, name: "Shop" } });
  const cards = cardsOf({ contacts: [{ name: { formatted_name: "Rui" }, phones: [{ phone: "+5511988887777" }, {}] }] });

  expect(place).toEqual({ latitude: -23.55, longitude: -46.63, name: "Shop", address: "" });
  expect(cards).toEqual([{ name: "Rui", company: "", phones: ["+5511988887777"] }]);
  expect([placeOf({}), placeOf({ location: "here" }), cardsOf({ contacts: 5 }), reactionsOf({ reactions: null })]).toEqual([null, null, [], []]);
});
