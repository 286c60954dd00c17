import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Campaign } from "./api/list-campaigns";

const colors: Record<Campaign["status"] & string, string> = { draft: "gray", scheduled: "blue", running: "brand", paused: "yellow", finished: "gray", cancelled: "gray" };

export function CampaignStatus({ status }: { status: Campaign["status"] & string }) {
  const { t } = useTranslation();
  return <Badge color={colors[status]} autoContrast>{t(`campaigns.status.${status}`)}</Badge>;
}
