import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listsQuery, tagsQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import { formatDateTime } from "@/lib/format";
import type { Campaign } from "./api/list-campaigns";
import { MessagePreview } from "./message-preview";
import classes from "./report.module.css";

/** What is said, to whom, and when. */
export function CampaignSummary({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  const lists = useQuery(listsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const names = (ids: number[], all: { id: number; name: string }[]) => all.filter((item) => ids.includes(item.id)).map((item) => item.name);
  const audience = [...names(campaign.lists, lists), ...names(campaign.tags, tags)].join(", ");
  const without = names(campaign.excluded_tags, tags).join(", ");
  const time = (at: string | null | undefined) => at && formatDateTime(at, i18n.language);
  const facts = [
    [t("campaigns.audience"), audience],
    [t("campaigns.without"), without],
    [t("campaigns.startsAt"), campaign.status === "scheduled" ? time(campaign.starts_at) : null],
    [t("campaigns.startedAt"), time(campaign.started_at)],
    [t("campaigns.finishedAt"), time(campaign.finished_at)],
    [t("campaigns.createdBy"), campaign.created_by_name],
  ].filter(([, value]) => value);
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.message")}</h2>
      {campaign.template_name ? <div className={classes.message}>{t("campaigns.templateNamed", { name: campaign.template_name })}</div> : <MessagePreview body={campaign.body ?? ""} />}
      <dl className={classes.facts}>
        {facts.map(([label, value]) => [<dt key={`${label}-`}>{label}</dt>, <dd key={label}>{value}</dd>])}
      </dl>
    </Card>
  );
}
