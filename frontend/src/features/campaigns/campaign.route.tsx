import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { ErrorState } from "@/components/error-state";
import { FormError } from "@/components/form-error";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { campaignQuery } from "./api/get-campaign";
import { CampaignActions } from "./campaign-actions";
import { CampaignStatus } from "./campaign-status";
import { LinesWaiting } from "./lines-waiting";
import { Exclusions, Failures } from "./campaign-reasons";
import { CampaignSummary } from "./campaign-summary";
import { Funnel } from "./funnel";
import { Recipients } from "./recipients";
import classes from "./report.module.css";
import { Timeline } from "./timeline";
import { ConnectionFunnels, VariantFunnels } from "./variant-funnels";

/** The live report. */
export function Component() {
  const { t } = useTranslation();
  const campaignId = Number(useParams().campaignId);
  const [onlyError, setError] = useState<{ code: string; words: string } | null>(null);
  const { data: campaign, isPending, isError, error, refetch } = useQuery(campaignQuery(campaignId));
  return (
    <Page
      back="/campaigns"
      title={campaign ? campaign.name || t("campaigns.unnamed") : t("campaigns.one")}
      sub={campaign && <Group gap={8}><CampaignStatus status={campaign.status ?? "draft"} /><span>{campaign.connection_name}</span></Group>}
      actions={campaign && <CampaignActions campaign={campaign} />}
    >
      {isPending && <Card><LoadingRows count={4} /></Card>}
      {isError && !campaign && <ErrorState error={error} onRetry={() => void refetch()} />}
      {campaign && (
        <div className={classes.column}>
          <LinesWaiting campaign={campaign} />
          {campaign.status_reason && campaign.status !== "finished" && <FormError>{campaign.status_reason}</FormError>}
          <div className={classes.grid}>
            <div className={classes.column}>
              <Funnel counts={campaign.counts} />
              <Timeline campaignId={campaign.id} />
              <VariantFunnels campaign={campaign} />
              <ConnectionFunnels campaign={campaign} />
              <Recipients campaign={campaign} error={onlyError} onClearError={() => setError(null)} />
            </div>
            <div className={classes.column}>
              <CampaignSummary campaign={campaign} />
              <Exclusions campaignId={campaign.id} />
              <Failures campaign={campaign} onShow={setError} />
            </div>
          </div>
        </div>
      )}
    </Page>
  );
}
