import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount, formatPercent } from "@/lib/format";
import type { Campaign } from "./api/list-campaigns";
import classes from "./report.module.css";

const colors = { queued: "var(--mantine-color-gray-5)", sent: "var(--mantine-color-brand-3)", delivered: "var(--mantine-color-brand-6)", read: "var(--tick-read)", replied: "light-dark(#7a4fc0, #b79ae6)", failed: "light-dark(#d9534a, #e2776f)", unknown: "light-dark(#c98a1b, #e9b85c)", cancelled: "var(--mantine-color-gray-5)" };
const always = ["queued", "sent", "delivered", "read", "replied"] as const;
const ifAny = ["failed", "unknown", "cancelled"] as const;

/** How far the campaign got, each step as a share of everybody who was to get it. */
export function Funnel({ counts }: { counts: Campaign["counts"] }) {
  const { t, i18n } = useTranslation();
  const meant = counts.total - counts.excluded;
  const steps = [...always, ...ifAny.filter((step) => counts[step] > 0)];
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.funnel", { count: meant, formatted: formatCount(meant, i18n.language) })}</h2>
      <dl className={classes.funnel}>
        {steps.map((step) => {
          const share = meant ? counts[step] / meant : 0;
          return (
            <div key={step} className={classes.step}>
              <dt>{t(`campaigns.count.${step}`)}</dt>
              <div className={classes.track} aria-hidden><div style={{ width: `${share * 100}%`, "--step": colors[step] }} /></div>
              <dd data-count={step}><strong>{formatCount(counts[step], i18n.language)}</strong> <span>· {formatPercent(share, i18n.language)}</span></dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}
