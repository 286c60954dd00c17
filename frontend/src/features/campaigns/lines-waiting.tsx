import { Alert } from "@mantine/core";
import { IconClockPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatDateTime } from "@/lib/format";
import type { Campaign } from "./api/list-campaigns";

const holds = ["window", "hour_cap", "day_cap", "warm_up", "tier", "rest", "health"] as const;

/** Which of the campaign's numbers send nothing now, why, and until when. */
export function LinesWaiting({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  if (campaign.status !== "running") return null;
  return campaign.connections.map((line) => {
    const hold = holds.find((each) => each === line.waits_for);
    if (!hold || !line.waits_until) return null;
    return (
      <Alert key={line.connection} color="blue" icon={<IconClockPause size={18} />} role="status">
        {t(`campaigns.waits.${hold}`, { name: line.connection_name, until: formatDateTime(line.waits_until, i18n.language), interpolation: { escapeValue: false } })}{" "}
        <Link to={`/connections/${line.connection}`}>{t("campaigns.waits.toNumber")}</Link>
      </Alert>
    );
  });
}
