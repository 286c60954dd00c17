import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { Schemas } from "@/api/client";
import { connectionsQuery } from "@/api/lookups";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Page } from "@/components/page";
import { campaignQuery } from "../api/get-campaign";
import { givenQuery } from "../api/get-given";
import type { Campaign } from "../api/list-campaigns";
import { Wizard } from "./wizard";

/** New, or a draft or a scheduled one again. A new one gets its number in the address when it is first saved, and goes on as it is. */
export function Component() {
  const { t } = useTranslation();
  const [campaignId] = useState(Number(useParams().campaignId) || null);
  const isAsked = campaignId !== null;
  const campaign = useQuery({ ...campaignQuery(campaignId ?? 0), enabled: isAsked });
  const given = useQuery({ ...givenQuery(campaignId ?? 0), enabled: isAsked });
  const connections = useQuery(connectionsQuery);
  const failed = [campaign, given, connections].find(({ isError }) => isError);
  const isReady = connections.data !== undefined && (!isAsked || (campaign.data !== undefined && given.data !== undefined));
  return (
    <Page back={campaignId ? `/campaigns/${campaignId}` : "/campaigns"} title={t(campaignId ? "campaigns.editTitle" : "campaigns.new")}>
      {failed && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {!isReady && !failed && <LoadingRows count={4} />}
      {isReady && <Opened campaign={campaign.data ?? null} numbers={given.data ?? ""} connections={connections.data} />}
    </Page>
  );
}

/** As it was when it was opened: it starts from here, and the page must not vanish under the one who started it. */
function Opened({ campaign, numbers, connections }: { campaign: Campaign | null; numbers: string; connections: Schemas["Connection"][] }) {
  const { t } = useTranslation();
  const [opened] = useState(campaign);
  const isEditable = opened === null || opened.status === "draft" || opened.status === "scheduled";
  return isEditable ? <Wizard campaign={opened} numbers={numbers} connections={connections} /> : <p>{t("campaigns.wizard.started")}</p>;
}
