/** The access token lives in memory only; the refresh token in a cookie that scripts cannot read. */
let access: string | null = null;
let refreshing: Promise<boolean> | null = null;
const endings = new Set<() => void>();

export const setAccess = (token: string | null) => {
  access = token;
};

/** Calls `listener` when the session is over and only a login helps. */
export function onSessionEnd(listener: () => void) {
  endings.add(listener);
  return () => void endings.delete(listener);
}

async function askRefresh() {
  const answer = await globalThis.fetch("/api/v1/auth/refresh/", { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: "{}" });
  if (!answer.ok) return false;
  const body = (await answer.json()) as { access?: string };
  access = body.access ?? null;
  return access !== null;
}

/** A new access token from the cookie; callers at the same time share one request, because each use rotates the cookie. */
export function refreshAccess(): Promise<boolean> {
  refreshing ??= askRefresh()
    .catch(() => false)
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
  if (await refreshAccess()) return globalThis.fetch(authorized(again));
  access = null;
  for (const listener of endings) listener();
  return answer;
}
