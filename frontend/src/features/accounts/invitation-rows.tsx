import { Badge, Button } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatDateTime, formatRecent } from "@/lib/format";
import { type Invitation, invitationsQuery, useResend, useWithdraw } from "./api/invitations";
import classes from "./people.module.css";
import settings from "./settings.module.css";

/** Who is invited and has not joined yet, and what became of the letter. */
export function InvitationRows() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const invitations = useQuery(invitationsQuery).data ?? [];
  const resend = useResend();
  const withdraw = useWithdraw();
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  if (!invitations.length) return null;
  return (
    <Card className={classes.block}>
      <h2 className={classes.heading}>{t("accounts.invitations.title", { count: invitations.length })}</h2>
      <ul className={classes.list}>
        {invitations.map((invitation) => (
          <li key={invitation.id} className={classes.invited}>
            <span className={settings.mark}><IconMail size={20} stroke={1.6} /></span>
            <div className={classes.words}>
              <div className={classes.title}>
                <span className={settings.name}>{invitation.name ? `${invitation.name} · ${invitation.email}` : invitation.email}</span>
                <Badge size="sm" color="gray">{t(`common.role.${invitation.role ?? "agent"}`)}</Badge>
              </div>
              <LetterState invitation={invitation} />
            </div>
            <Button variant="default" loading={resend.isPending && resend.variables === invitation.id} onClick={() => resend.mutate(invitation.id, { onError: toast })}>{t("accounts.invitations.resend")}</Button>
            <Button variant="subtle" color="gray" onClick={() => setLeaving(invitation)}>{t("accounts.invitations.withdraw")}</Button>
          </li>
        ))}
      </ul>
      <Confirm opened={leaving !== null} title={t("accounts.invitations.withdrawTitle")} action={t("accounts.invitations.withdraw")} danger busy={withdraw.isPending} onClose={() => setLeaving(null)}
        onConfirm={() => leaving && withdraw.mutate(leaving.id, { onError: toast, onSettled: () => setLeaving(null) })}>
        {t("accounts.invitations.withdrawText", { email: leaving?.email ?? "" })}
      </Confirm>
    </Card>
  );
}

function LetterState({ invitation }: { invitation: Invitation }) {
  const { t, i18n } = useTranslation();
  const { letter } = invitation;
  const at = (moment: string | null | undefined) => (moment ? formatRecent(moment, i18n.language) : "");
  if (letter?.state === "failed") return <p className={`${settings.hint} ${classes.bad}`} role="alert">{t("accounts.invitations.failed", { error: letter.error })}</p>;
  if (invitation.is_expired) return <p className={`${settings.hint} ${classes.warn}`}>{t("accounts.invitations.expired", { at: formatDateTime(invitation.expires_at, i18n.language) })}</p>;
  if (letter?.state === "waiting" && letter.error) return <p className={`${settings.hint} ${classes.warn}`}>{t("accounts.invitations.retrying", { error: letter.error, at: at(letter.retry_at) })}</p>;
  if (letter?.state === "waiting") return <p className={settings.hint}>{t("accounts.invitations.sending")}</p>;
  return <p className={settings.hint}>{t("accounts.invitations.sent", { at: at(letter?.sent_at), until: formatDateTime(invitation.expires_at, i18n.language) })}</p>;
}
