import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount, formatPercent } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import type { Campaign } from "./api/list-campaigns";
import classes from "./report.module.css";

const steps = ["sent", "delivered", "read", "replied", "failed"] as const;

/** How far each variant got, side by side: shares are of those who were to get it. */
export function VariantFunnels({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const variants = useQuery(statsQuery(campaign.id)).data?.variants ?? [];
  const rows = variants.map((counts) => ({
    key: counts.variant,
    counts,
    name: <><span className={classes.letter}>{String.fromCharCode(65 + counts.variant)}</span><span className={classes.variantText}>{campaign.variants[counts.variant]?.body || campaign.variants[counts.variant]?.media?.filename}</span></>,
  }));
  return <Funnels title={t("campaigns.byVariant")} rows={rows} />;
}

/** The same for each number that the campaign is sent through. */
export function ConnectionFunnels({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const connections = useQuery(statsQuery(campaign.id)).data?.connections ?? [];
  return <Funnels title={t("campaigns.byConnection")} rows={connections.map((counts) => ({ key: counts.connection, counts, name: <span className={classes.lineName}>{counts.name}</span> }))} />;
}

type Row = { key: number; name: ReactNode; counts: Campaign["counts"] };

function Funnels({ title, rows }: { title: string; rows: Row[] }) {
  const { t, i18n } = useTranslation();
  if (rows.length < 2) return null;
  return (
    <Card className={classes.section}>
      <h2>{title}</h2>
      <div className={classes.variants}>
        <table>
          <thead>
            <tr><th />{steps.map((step) => <th key={step} scope="col">{t(`campaigns.count.${step}`)}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, counts }) => {
              const meant = counts.total - counts.excluded;
              return (
                <tr key={key}>
                  <th scope="row"><div className={classes.variantName}>{name}</div></th>
                  {steps.map((step) => <td key={step}><strong>{formatCount(counts[step], i18n.language)}</strong><small>{formatPercent(meant ? counts[step] / meant : 0, i18n.language)}</small></td>)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
