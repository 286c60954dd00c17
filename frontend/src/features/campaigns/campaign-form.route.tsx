import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Page } from "@/components/page";
import { campaignQuery } from "./api/get-campaign";
import { CampaignForm } from "./campaign-form";

/** New, or a draft again. */
export function Component() {
  const { t } = useTranslation();
  const campaignId = Number(useParams().campaignId) || null;
  const { data, isError, error, refetch } = useQuery({ ...campaignQuery(campaignId ?? 0), enabled: campaignId !== null });
  const isReady = campaignId === null || data !== undefined;
  return (
    <Page back={campaignId ? `/campaigns/${campaignId}` : "/campaigns"} title={t(campaignId ? "campaigns.editTitle" : "campaigns.new")}>
      {isError && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!isReady && !isError && <LoadingRows count={4} />}
      {isReady && <CampaignForm key={campaignId ?? "new"} campaign={data ?? null} />}
    </Page>
  );
}
