import { describe, expect, it } from "vitest";
import { emptyDraft, newButton, nextVariable, placeOf, requestOf } from "./draft";
import { draftFrom } from "./from-template";

const order = {
  ...emptyDraft("pt_BR"),
  name: "order_update",
  header: { format: "TEXT" as const, text: "Pedido {{1}}", examples: { 1: "123" }, handle: "", filename: "" },
  body: { text: "Olá {{1}}, sai em {{2}} dias.", examples: { 1: "Ana", 2: "2", 3: "of a variable that went" } },
  footer: "Loja",
  buttons: [{ ...newButton("URL"), text: "Ver", value: "https://a.test/{{1}}", example: "https://a.test/1" }, { ...newButton("QUICK_REPLY"), text: "Falar" }],
};

const components = [
  { type: "HEADER", format: "TEXT", text: "Pedido {{1}}", example: { header_text: ["123"] } },
  { type: "BODY", text: "Olá {{1}}, sai em {{2}} dias.", example: { body_text: [["Ana", "2"]] } },
  { type: "FOOTER", text: "Loja" },
  { type: "BUTTONS", buttons: [{ type: "URL", text: "Ver", url: "https://a.test/{{1}}", example: ["https://a.test/1"] }, { type: "QUICK_REPLY", text: "Falar" }] },
];

describe("requestOf", () => {
  it("spells a draft as Meta does", () => {
    expect(requestOf(order)).toEqual({ name: "order_update", language: "pt_BR", category: "UTILITY", parameter_format: "POSITIONAL", components });
  });

  it("takes words in braces as named variables", () => {
    const named = requestOf({ ...emptyDraft("en"), body: { text: "Hello {{first_name}}, welcome.", examples: { first_name: "Ana" } } });

    expect([named.parameter_format, named.components]).toEqual(["NAMED", [{ type: "BODY", text: "Hello {{first_name}}, welcome.", example: { body_text_named_params: [{ param_name: "first_name", example: "Ana" }] } }]]);
  });

  it("leaves the words of a login code to WhatsApp", () => {
    expect(requestOf({ ...order, category: "AUTHENTICATION" }).components).toEqual([
      { type: "BODY", add_security_recommendation: true },
      { type: "FOOTER", code_expiration_minutes: 10 },
      { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] },
    ]);
  });
});

describe("draftFrom", () => {
  it("brings back what was handed in", () => {
    const template = { id: 1, external_id: "9", name: "order_update", language: "pt_BR", status: "APPROVED", category: "UTILITY", quality: "", reason: "", body: "", components, synced_at: "2026-01-01T00:00:00Z" };

    expect(requestOf(draftFrom(template))).toEqual(requestOf(order));
  });
});

describe("placeOf", () => {
  it("finds the input that a fault is about", () => {
    expect(placeOf("components.1.text", components)).toBe("body.text");
    expect(placeOf("components.3.buttons.0.url", components)).toBe("buttons.buttons.0.url");
    expect(placeOf("components.0", components)).toBe("header");
    expect(placeOf("name", components)).toBe("name");
  });
});

describe("nextVariable", () => {
  it("counts on, also among names", () => {
    expect([nextVariable("Hi"), nextVariable("Hi {{1}} {{2}}"), nextVariable("Hi {{first_name}}")]).toEqual(["{{1}}", "{{3}}", "{{variable_1}}"]);
  });
});
