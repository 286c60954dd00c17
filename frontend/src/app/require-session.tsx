import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { ErrorState } from "@/components/error-state";
import { SessionContext, sessionQuery } from "@/api/session";
import { onSessionEnd } from "@/api/token";
import { followProfile } from "@/lib/i18n";
import { LiveProvider } from "./live";

/** What stands behind the login: the session for everybody below, and the socket. */
export function RequireSession() {
  const session = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  const location = useLocation();

  useEffect(() => onSessionEnd(() => queryClient.setQueryData(sessionQuery.queryKey, null)), [queryClient]);
  const locale = session.data?.user.locale;
  useEffect(() => void followProfile(locale), [locale]);

  if (session.isPending) return null;
  if (session.isError) return <ErrorState fill error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data) return <Navigate to="/login" replace state={{ from: location.pathname + location.search }} />;
  return (
    <SessionContext value={session.data}>
      <LiveProvider key={session.data.user.id}>
        <Outlet />
      </LiveProvider>
    </SessionContext>
  );
}
