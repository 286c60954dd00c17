import { Badge, Button, Title, Tooltip } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { formatDateTime, formatRecent } from "@/lib/format";
import { type LoginSession, loginSessionsQuery, useEndSession } from "./api/sessions";
import { PasswordForm } from "./password-form";
import classes from "./settings.module.css";

/** The password, and where the person is logged in. */
export function Component() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { data, isPending, isError, error, refetch } = useQuery(loginSessionsQuery);
  const end = useEndSession();
  const [isEndingAll, setIsEndingAll] = useState(false);
  const sessions = [...(data ?? [])].sort((a, b) => Number(b.is_current) - Number(a.is_current) || b.seen_at.localeCompare(a.seen_at));
  const others = sessions.length - 1;
  return (
    <Page title={t("accounts.security.title")} sub={t("accounts.security.sub")} phoneBack="/settings">
      <Card className={classes.card}><PasswordForm /></Card>
      <Card className={`${classes.sheet} ${classes.below}`}>
        <div className={classes.head}>
          <div>
            <Title order={2}>{t("accounts.sessions.title")}</Title>
            <p className={classes.hint}>{t("accounts.sessions.sub")}</p>
          </div>
          {others > 0 && <Button variant="default" onClick={() => setIsEndingAll(true)}>{t("accounts.sessions.endOthers")}</Button>}
        </div>
        {isPending && <LoadingRows count={2} height={64} />}
        {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        <ul className={classes.rows}>
          {sessions.map((session) => <SessionRow key={session.id} session={session} isBusy={end.isPending && end.variables === session.id} onEnd={() => end.mutate(session.id, { onError: toast })} />)}
        </ul>
      </Card>
      <Confirm opened={isEndingAll} title={t("accounts.sessions.endOthers")} action={t("accounts.sessions.end")} danger busy={end.isPending} onClose={() => setIsEndingAll(false)}
        onConfirm={() => end.mutate("others", { onError: toast, onSettled: () => setIsEndingAll(false) })}>
        {t("accounts.sessions.endOthersText", { count: others })}
      </Confirm>
    </Page>
  );
}

function SessionRow({ session, isBusy, onEnd }: { session: LoginSession; isBusy: boolean; onEnd: () => void }) {
  const { t, i18n } = useTranslation();
  const { browser, system, is_phone } = session.machine;
  const Icon = is_phone ? IconDeviceMobile : IconDeviceDesktop;
  const device = browser && system ? t("accounts.sessions.device", { browser, system }) : browser || system || t("accounts.sessions.unknown");
  const since = t("accounts.sessions.since", { at: formatDateTime(session.created_at, i18n.language) });
  return (
    <li className={classes.row}>
      <span className={classes.mark}><Icon size={20} stroke={1.6} /></span>
      <div className={classes.words}>
        <Tooltip label={session.user_agent} disabled={!session.user_agent} multiline maw={420}><span className={classes.name}>{device}</span></Tooltip>
        {session.is_current && <Badge size="sm" ml={8}>{t("accounts.sessions.this")}</Badge>}
        <p className={classes.hint}>
          {session.is_current ? t("accounts.sessions.now") : t("accounts.sessions.seen", { at: formatRecent(session.seen_at, i18n.language) })}
          {session.address && ` · ${session.address}`} · {since}
        </p>
      </div>
      {!session.is_current && <Button variant="default" loading={isBusy} onClick={onEnd} aria-label={t("accounts.sessions.endOne", { device })}>{t("accounts.sessions.end")}</Button>}
    </li>
  );
}
