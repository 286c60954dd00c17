import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconSearch, IconSpeakerphone } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { flat } from "@/api/page";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { formatCount, formatDateTime } from "@/lib/format";
import { type Campaign, type CampaignFilters, campaignsQuery } from "./api/list-campaigns";
import { CampaignProgress } from "./campaign-progress";
import { CampaignStatus } from "./campaign-status";
import classes from "./campaigns.module.css";

const statuses = ["draft", "scheduled", "running", "paused", "finished", "cancelled"] as const;

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const [search, setSearch] = useState("");
  const [status, setStatus] = useState<CampaignFilters["status"] | null>(null);
  const [words] = useDebouncedValue(search.trim(), 300);
  const isNarrowed = words !== "" || status !== null;
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(campaignsQuery({ ...(words ? { search: words } : {}), ...(status ? { status } : {}) }));
  const campaigns = flat(data);
  const create = may("campaign.write") && <Button component={Link} to="/campaigns/new" leftSection={<IconPlus size={16} stroke={2} />}>{t("campaigns.new")}</Button>;
  return (
    <Page title={t("campaigns.title")} actions={create}>
      {(isNarrowed || search !== "" || campaigns.length > 0) && (
        <div className={classes.filters}>
          <TextInput aria-label={t("campaigns.search")} placeholder={t("campaigns.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          <Select clearable aria-label={t("campaigns.filterStatus")} placeholder={t("campaigns.all")} data={statuses.map((value) => ({ value, label: t(`campaigns.status.${value}`) }))} value={status ?? null} onChange={(value) => setStatus(statuses.find((known) => known === value) ?? null)} />
        </div>
      )}
      {isPending && <Card><LoadingRows count={4} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && campaigns.length === 0 && isNarrowed && <p className={classes.none}>{t("campaigns.noMatch")}</p>}
      {data && campaigns.length === 0 && !isNarrowed && <EmptyState icon={IconSpeakerphone} title={t("campaigns.empty")} text={t("campaigns.emptyText")} action={create} />}
      {campaigns.length > 0 && <Card>{campaigns.map((campaign) => <Row key={campaign.id} campaign={campaign} />)}</Card>}
      {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
    </Page>
  );
}

function Row({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  const { counts } = campaign;
  const when = campaign.started_at ?? (campaign.status === "scheduled" ? campaign.starts_at : null) ?? campaign.created_at;
  const hasBegun = campaign.status !== "draft" && campaign.status !== "scheduled";
  return (
    <Link to={`/campaigns/${campaign.id}`} className={classes.row}>
      <div>
        <div className={`${classes.name} ellipsis`}>{campaign.name || t("campaigns.unnamed")}</div>
        <div className={`${classes.meta} ellipsis`}>{campaign.connection_name} · {formatDateTime(when, i18n.language)}</div>
      </div>
      <div className={classes.progress}>
        {hasBegun && (
          <>
            <CampaignProgress counts={counts} />
            <div className={`${classes.meta} tabular`}>{t("campaigns.progress", { sent: formatCount(counts.sent, i18n.language), total: formatCount(counts.total - counts.excluded, i18n.language) })}</div>
          </>
        )}
      </div>
      <div className={classes.status}><CampaignStatus status={campaign.status ?? "draft"} /></div>
    </Link>
  );
}
