import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { useMay } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import type { Campaign } from "./api/list-campaigns";
import { useSendAgain } from "./api/send-again";
import classes from "./report.module.css";

type Line = { key: string; words: string; count: number; onShow?: () => void; href?: string; onAgain?: () => void };

function Reasons({ title, lines }: { title: string; lines: Line[] }) {
  const { t, i18n } = useTranslation();
  if (!lines.length) return null;
  return (
    <Card className={classes.section}>
      <h2>{title}</h2>
      <ul className={classes.reasons}>
        {lines.map((line) => (
          <li key={line.key}>
            <span>{line.words}</span>
            <span className={classes.reasonEnd}>
              {line.href && <Button variant="subtle" component="a" href={line.href} target="_blank" rel="noreferrer">{t("campaigns.aboutError")}</Button>}
              {line.onAgain && <Button variant="subtle" onClick={line.onAgain}>{t("campaigns.again.these")}</Button>}
              {line.onShow && <Button variant="subtle" onClick={line.onShow}>{t("campaigns.showThem")}</Button>}
              <strong>{formatCount(line.count, i18n.language)}</strong>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Exclusions({ campaignId }: { campaignId: number }) {
  const { t } = useTranslation();
  const stats = useQuery(statsQuery(campaignId)).data;
  return <Reasons title={t("campaigns.excluded")} lines={(stats?.exclusions ?? []).map(({ reason, count }) => ({ key: reason, words: t(`campaigns.exclusion.${reason}`), count }))} />;
}

type Failure = Schemas["Failure"];
const again = ["running", "paused", "finished"];

export function Failures({ campaign, onShow }: { campaign: Campaign; onShow: (error: { code: string; words: string }) => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const mayStart = useMay()("campaign.start") && again.includes(campaign.status ?? "");
  const stats = useQuery(statsQuery(campaign.id)).data;
  const [asked, setAsked] = useState<Failure | null>(null);
  const send = useSendAgain(campaign.id);
  const wordsOf = ({ code, text }: Failure) => text || code || t("campaigns.noReason");
  const lines = (stats?.failures ?? []).map((failure): Line => ({
    key: failure.code + failure.text + failure.is_unknown,
    words: wordsOf(failure),
    count: failure.count,
    href: failure.href,
    onShow: failure.code ? () => onShow({ code: failure.code, words: wordsOf(failure) }) : undefined,
    onAgain: mayStart ? () => setAsked(failure) : undefined,
  }));
  const confirm = () => {
    if (!asked) return;
    const about = { what: asked.is_unknown ? ("unknown" as const) : ("failed" as const), ...(asked.code ? { error: asked.code } : {}) };
    send.mutate(about, { onError: toast, onSuccess: ({ count }) => notifications.show({ message: t("campaigns.again.done", { count }) }), onSettled: () => setAsked(null) });
  };
  return (
    <>
      <Reasons title={t("campaigns.failures")} lines={lines} />
      <Confirm danger={asked?.is_unknown} opened={asked !== null} title={t("campaigns.again.title", { count: asked?.count ?? 0 })} action={t("campaigns.again.action")} busy={send.isPending} onClose={() => setAsked(null)} onConfirm={confirm}>
        {asked && <><strong>{wordsOf(asked)}</strong><br />{t(asked.is_unknown ? "campaigns.again.unknown" : "campaigns.again.failed")}</>}
      </Confirm>
    </>
  );
}
