import { useTranslation } from "react-i18next";
import { formatCount } from "@/lib/format";
import type { Campaign } from "./api/list-campaigns";
import classes from "./report.module.css";

/** One bar: read, delivered, sent, failed, and what still waits. */
export function CampaignProgress({ counts }: { counts: Campaign["counts"] }) {
  const { t, i18n } = useTranslation();
  const meant = counts.total - counts.excluded;
  const share = (count: number) => `${meant ? (100 * count) / meant : 0}%`;
  return (
    <div className={classes.bar} role="img" aria-label={t("campaigns.progressLabel", { sent: formatCount(counts.sent, i18n.language), total: formatCount(meant, i18n.language) })}>
      <span data-part="read" style={{ width: share(counts.read) }} />
      <span data-part="delivered" style={{ width: share(counts.delivered - counts.read) }} />
      <span data-part="sent" style={{ width: share(counts.sent - counts.delivered) }} />
      <span data-part="failed" style={{ width: share(counts.failed + counts.unknown) }} />
    </div>
  );
}
