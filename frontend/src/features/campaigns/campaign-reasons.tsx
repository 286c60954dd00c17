import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import classes from "./report.module.css";

type Line = { key: string; words: string; count: number };

function Reasons({ title, lines }: { title: string; lines: Line[] }) {
  const { i18n } = useTranslation();
  if (!lines.length) return null;
  return (
    <Card className={classes.section}>
      <h2>{title}</h2>
      <ul className={classes.reasons}>
        {lines.map((line) => <li key={line.key}><span>{line.words}</span><strong>{formatCount(line.count, i18n.language)}</strong></li>)}
      </ul>
    </Card>
  );
}

export function Exclusions({ campaignId }: { campaignId: number }) {
  const { t } = useTranslation();
  const stats = useQuery(statsQuery(campaignId)).data;
  return <Reasons title={t("campaigns.excluded")} lines={(stats?.exclusions ?? []).map(({ reason, count }) => ({ key: reason, words: t(`campaigns.exclusion.${reason}`), count }))} />;
}

export function Failures({ campaignId }: { campaignId: number }) {
  const { t } = useTranslation();
  const stats = useQuery(statsQuery(campaignId)).data;
  return <Reasons title={t("campaigns.failures")} lines={(stats?.failures ?? []).map(({ code, text, count }) => ({ key: code + text, words: text || code || t("campaigns.noReason"), count }))} />;
}
