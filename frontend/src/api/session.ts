import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Locale } from "@/lib/i18n";
import { api, ApiError, type Schemas, unwrap } from "./client";
import { refreshAccess, setAccess } from "./token";

export type Session = Schemas["Me"];

/** Who is logged in; null when nobody is. Comes from the refresh cookie, so it survives a reload. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    const renewal = await refreshAccess();
    if (renewal === "refused") return null;
    if (renewal === "unreachable") throw new ApiError(0, []);
    return unwrap(api.GET("/api/v1/auth/me/"));
  },
  staleTime: Infinity,
});

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside the login");
  return session;
}

export async function login(credentials: { email: string; password: string; company?: string }) {
  const answer = await unwrap(api.POST("/api/v1/auth/login/", { body: credentials }));
  setAccess(answer.access);
  return answer;
}

export async function logout() {
  await unwrap(api.POST("/api/v1/auth/logout/", { body: {} }));
  setAccess(null);
}

/** The person's language follows them to other browsers. */
export const saveLocale = (locale: Locale) => unwrap(api.PATCH("/api/v1/auth/me/", { body: { locale: locale === "pt-BR" ? "pt-br" : "en" } }));

export async function socketTicket(): Promise<string> {
  return (await unwrap(api.POST("/api/v1/auth/socket-ticket/"))).ticket;
}

/** What the person's role allows, by the names of accounts/permissions.py. The server decides anyway; this only hides dead buttons. */
export function useMay() {
  const { permissions } = useSession();
  return (action: string) => permissions.includes(action);
}
