import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { listsQuery, tagsQuery, templatesQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import { formatDateTime } from "@/lib/format";
import { bodyOf, bound } from "@/lib/template";
import { formatDateTimeIn, zoneName } from "@/lib/zones";
import type { Campaign } from "./api/list-campaigns";
import { MessagePreview } from "./message-preview";
import classes from "./report.module.css";

/** What is said, to whom, and when. */
export function CampaignSummary({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  const lists = useQuery(listsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const names = (ids: number[], all: { id: number; name: string }[]) => all.filter((item) => ids.includes(item.id)).map((item) => item.name);
  const conditions = campaign.conditions.length ? [t("campaigns.wizard.conditionCount", { count: campaign.conditions.length })] : [];
  const chosen = campaign.is_for_everybody ? [t("campaigns.wizard.everybody")] : [...names(campaign.lists, lists), ...names(campaign.tags, tags)];
  const audience = [...chosen, ...conditions].join(", ");
  const template = useQuery({ ...templatesQuery(campaign.connection), enabled: Boolean(campaign.template) }).data?.find(({ id }) => id === campaign.template);
  const without = names(campaign.excluded_tags, tags).join(", ");
  const variables = (campaign.variables ?? {}) as Record<string, string>;
  const zone = useSession().company.timezone;
  const time = (at: string | null | undefined) => at && formatDateTime(at, i18n.language);
  const facts = [
    [t("campaigns.audience"), audience],
    [t("campaigns.without"), without],
    [t("campaigns.startsAt"), campaign.status === "scheduled" && campaign.starts_at ? `${formatDateTimeIn(zone, campaign.starts_at, i18n.language)} · ${zoneName(zone, i18n.language, campaign.starts_at)}` : null],
    [t("campaigns.startedAt"), time(campaign.started_at)],
    [t("campaigns.finishedAt"), time(campaign.finished_at)],
    [t("campaigns.createdBy"), campaign.created_by_name],
  ].filter(([, value]) => value);
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.message")}</h2>
      {campaign.template_name ? (
        <div className={classes.pieces}>
          <p className={classes.quiet}>{t("campaigns.templateNamed", { name: campaign.template_name })}</p>
          {template && <MessagePreview body={bound(bodyOf(template), variables)} file={campaign.header_media?.filename} />}
        </div>
      ) : (
        <div className={classes.pieces}>
          {(campaign.variants.length ? campaign.variants : [{ body: campaign.body, media: null }]).map(({ body, media }, place) => <MessagePreview key={place} body={body ?? ""} file={media?.filename} />)}
        </div>
      )}
      <dl className={classes.facts}>
        {facts.map(([label, value]) => [<dt key={`${label}-`}>{label}</dt>, <dd key={label}>{value}</dd>])}
      </dl>
    </Card>
  );
}
