import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/client";
import { emptyOrOdd, fieldOf, noCredentials } from "./credentials";

const refused = (code: string, status = 400) => new ApiError(status, [{ code, detail: "No.", attr: null }]);

describe("fieldOf", () => {
  it("lays a refusal at the field that it is about", () => {
    expect(fieldOf(refused("gateway_190"), "waba_id")).toBe("access_token");
    expect(fieldOf(refused("gateway_200"), "phone_number_id")).toBe("access_token");
    expect(fieldOf(refused("gateway_100"), "waba_id")).toBe("waba_id");
    expect(fieldOf(refused("gateway_100"), "phone_number_id")).toBe("phone_number_id");
    expect(fieldOf(refused("gateway_number_of_other_account"), "phone_number_id")).toBe("waba_id");
  });

  it("blames no field when Meta cannot be reached", () => {
    expect(fieldOf(refused("gateway_gateway_unreachable", 503), "waba_id")).toBeNull();
    expect(fieldOf(refused("gateway_131016"), "waba_id")).toBeNull();
  });
});

describe("emptyOrOdd", () => {
  it("asks for what is missing, and for digits", () => {
    const words = { needed: "needed", digits: "digits" };

    expect(emptyOrOdd({ ...noCredentials, waba_id: "+55 11", access_token: "EAA" }, ["waba_id", "access_token", "phone_number_id"], words)).toEqual({ waba_id: "digits", phone_number_id: "needed" });
  });
});
