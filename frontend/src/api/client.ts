import i18next from "i18next";
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { authorizedFetch } from "./token";

export type Schemas = components["schemas"];

/** Failures come back in the person's language. */
const language: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", i18next.language);
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin", fetch: authorizedFetch });
api.use(language);

export type Fault = { code: string; detail: string; attr: string | null };

/** What the server refused and why, in its words. `status` 0: the server was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly faults: Fault[];
  readonly body: unknown;

  constructor(status: number, faults: Fault[], body?: unknown) {
    super(faults[0]?.detail ?? String(status));
    this.status = status;
    this.faults = faults;
    this.body = body;
  }

  get code() {
    return this.faults[0]?.code ?? "error";
  }

  /** The sentence for one field of a form, if that field is to blame. */
  about(attr: string) {
    return this.faults.find((fault) => fault.attr === attr)?.detail;
  }
}

const isFault = (value: unknown): value is Fault => typeof value === "object" && value !== null && "code" in value && "detail" in value;

export function faultsOf(body: unknown): Fault[] {
  if (typeof body !== "object" || body === null || !("errors" in body) || !Array.isArray(body.errors)) return [];
  return body.errors.filter(isFault);
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** openapi-fetch's {data, error} as a value or an ApiError, which is what TanStack Query wants. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((reason: unknown): Answer<T> => ({ error: reason, response: Response.error() }));
  if (response.ok) return data as T;
  throw new ApiError(response.status, faultsOf(error), error);
}
