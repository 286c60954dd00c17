import { expect, test } from "vitest";
import { bodyOf, bound, fill, piecesOf, variablesOf } from "./template";

const order = {
  components: [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Hi {{1}}, order {{2}} left. Bye {{1}}!" },
    { type: "BUTTONS", buttons: [{ url: "https://shop.test/{{1}}" }, { url: "https://shop.test/" }] },
  ],
};

test("a template asks for each variable once, and for media and links", () => {
  expect(variablesOf(order)).toEqual(["1", "2", "header.image", "button.0"]);
});

test("the preview fills what is known and shows what is not", () => {
  expect(fill(bodyOf(order), { "1": "Ana", "2": " " })).toBe("Hi Ana, order {{2}} left. Bye Ana!");
});

test("a campaign's variable reads its value, else its fallback, else itself", () => {
  const text = "Oi {{name|tudo bem}}, seu plano {{ plan }} vence {{due|logo}}.";

  expect(piecesOf(text, { plan: "Ouro" }).map((piece) => piece.text).join("")).toBe("Oi tudo bem, seu plano Ouro vence logo.");
  expect(piecesOf(text).filter((piece) => piece.variable).map((piece) => piece.text)).toEqual(["tudo bem", "{{ plan }}", "logo"]);
});

test("what a campaign says for a slot stands in the template's text", () => {
  expect(bound("Hi {{1}}, {{2}}", { "1": "{{first_name|there}}" })).toBe("Hi {{first_name|there}}, {{2}}");
  expect(bound("For {{1}}", { "header.1": "you" }, "header.")).toBe("For you");
});
