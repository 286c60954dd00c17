/** The access token lives in memory only; the refresh token in a cookie that scripts cannot read. */
let access: string | null = null;
let refreshing: Promise<Renewal> | null = null;
const endings = new Set<() => void>();

/** `refused`: only a login helps. `unreachable`: nobody answered, or not sensibly, so nothing is known. */
export type Renewal = "renewed" | "refused" | "unreachable";

export const setAccess = (token: string | null) => {
  access = token;
};

export const authorizationHeader = () => `Bearer ${access ?? ""}`;

/** Calls `listener` when the session is over. */
export function onSessionEnd(listener: () => void) {
  endings.add(listener);
  return () => void endings.delete(listener);
}

async function askRefresh(): Promise<Renewal> {
  const answer = await globalThis.fetch("/api/v1/auth/refresh/", { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: "{}" });
  if (answer.status >= 500 || answer.status === 429) return "unreachable";
  if (!answer.ok) return "refused";
  access = ((await answer.json()) as { access: string }).access;
  return "renewed";
}

/** A new access token from the cookie; callers at the same time share one request, because each use rotates the cookie. */
export function refreshAccess(): Promise<Renewal> {
  refreshing ??= askRefresh()
    .catch((): Renewal => "unreachable")
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

const isAuthCall = (url: string) => /\/auth\/(login|refresh|logout)\//.test(url);

function authorized(request: Request) {
  if (access) request.headers.set("Authorization", `Bearer ${access}`);
  return request;
}

/** fetch with the access token; an expired one is renewed once and the call repeated. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await globalThis.fetch(authorized(request));
  if (answer.status !== 401 || isAuthCall(request.url)) return answer;
  const renewal = await refreshAccess();
  if (renewal === "renewed") return globalThis.fetch(authorized(again));
  if (renewal === "unreachable") throw new TypeError("The session could not be renewed.");
  access = null;
  for (const listener of endings) listener();
  return answer;
}
