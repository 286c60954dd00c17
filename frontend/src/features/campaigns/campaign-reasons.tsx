import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import classes from "./report.module.css";

type Line = { key: string; words: string; count: number; onShow?: () => void; href?: string };

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

export function Failures({ campaignId, onShow }: { campaignId: number; onShow: (error: { code: string; words: string }) => void }) {
  const { t } = useTranslation();
  const stats = useQuery(statsQuery(campaignId)).data;
  const lines = (stats?.failures ?? []).map(({ code, text, href, count }) => {
    const words = text || code || t("campaigns.noReason");
    return { key: code + text, words, count, href, onShow: code ? () => onShow({ code, words }) : undefined };
  });
  return <Reasons title={t("campaigns.failures")} lines={lines} />;
}
