import { expect, test } from "vitest";
import { bindingOf, saidBy } from "./binding";

const fields = ["name", "custom.city"];

test("a field with its fallback, there and back", () => {
  expect(bindingOf("{{custom.city|your town}}", fields)).toEqual({ source: "custom.city", text: "your town" });
  expect(saidBy({ source: "custom.city", text: " your town " })).toBe("{{custom.city|your town}}");
  expect(saidBy({ source: "name", text: "" })).toBe("{{name}}");
});

test("everything else is a text", () => {
  expect(bindingOf("Dear {{name}}", fields)).toEqual({ source: "text", text: "Dear {{name}}" });
  expect(bindingOf("{{coupon}}", fields)).toEqual({ source: "text", text: "{{coupon}}" });
});
