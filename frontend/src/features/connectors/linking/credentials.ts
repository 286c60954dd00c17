import { ApiError, type Schemas } from "@/api/client";

// connectors/providers/cloud_api/provider.py: credential_fields. In the order in which a person finds them.
export const cloudFields = ["waba_id", "access_token", "phone_number_id", "app_secret"] as const;
export type CloudField = (typeof cloudFields)[number];
export type Credentials = Record<CloudField, string>;
export const noCredentials: Credentials = { waba_id: "", access_token: "", phone_number_id: "", app_secret: "" };

/** Where each is found at Meta. */
export const pages: Record<CloudField, string> = {
  waba_id: "https://developers.facebook.com/apps/",
  access_token: "https://business.facebook.com/settings/system-users",
  phone_number_id: "https://developers.facebook.com/apps/",
  app_secret: "https://developers.facebook.com/apps/",
};

export type FieldWords = Partial<Record<CloudField, string>>;

const TOKEN = new Set(["0", "190", "104", "3", "10", "131005"]);

/** Which field a refusal is about: Meta's codes, and ours of connectors/providers/cloud_api. `asked`: whose id was in the call. */
export function fieldOf(error: unknown, asked: "waba_id" | "phone_number_id"): CloudField | null {
  if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) return null;
  const code = error.code.replace("gateway_", "");
  if (TOKEN.has(code) || (/^\d+$/.test(code) && Number(code) >= 200 && Number(code) < 300)) return "access_token";
  if (code === "account_unknown" || code === "number_of_other_account") return "waba_id";
  if (code === "100" || code === "33" || code === "credentials_missing") return asked;
  return null;
}

/** What can be seen without asking Meta. */
export function emptyOrOdd(credentials: Credentials, fields: readonly CloudField[], words: { needed: string; digits: string }): FieldWords {
  const said: FieldWords = {};
  for (const field of fields) {
    const value = credentials[field].trim();
    if (!value) said[field] = words.needed;
    else if (field.endsWith("_id") && !/^\d+$/.test(value)) said[field] = words.digits;
  }
  return said;
}

/** Meta spells a number that stands registered with one of these. */
export const isRegistered = (number: Pick<Schemas["AccountNumber"], "status">) => ["CONNECTED", "FLAGGED", "RESTRICTED"].includes(number.status.toUpperCase());
