import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount, formatPercent } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import type { Campaign } from "./api/list-campaigns";
import classes from "./report.module.css";

const steps = ["sent", "delivered", "read", "failed"] as const;

/** How far each variant got, side by side: shares are of those who were to get it. */
export function VariantFunnels({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  const variants = useQuery(statsQuery(campaign.id)).data?.variants ?? [];
  if (variants.length < 2) return null;
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.byVariant")}</h2>
      <div className={classes.variants}>
        <table>
          <thead>
            <tr><th />{steps.map((step) => <th key={step} scope="col">{t(`campaigns.count.${step}`)}</th>)}</tr>
          </thead>
          <tbody>
            {variants.map((counts) => {
              const meant = counts.total - counts.excluded;
              return (
                <tr key={counts.variant}>
                  <th scope="row"><div className={classes.variantName}><span className={classes.letter}>{String.fromCharCode(65 + counts.variant)}</span><span className={classes.variantText}>{campaign.variants[counts.variant]?.body || campaign.variants[counts.variant]?.media?.filename}</span></div></th>
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
