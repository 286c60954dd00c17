import type { QueryClient } from "@tanstack/react-query";
import { insertSorted, mapPages } from "@/api/page";
import { invalidateSoon } from "@/lib/invalidate-soon";
import type { LiveEvent } from "@/lib/live-event";
import { campaignQuery, statsQuery } from "./api/get-campaign";
import { type Campaign, campaignsQuery } from "./api/list-campaigns";

const isNewer = (a: Campaign, b: Campaign) => a.id > b.id;

export function putCampaign(queryClient: QueryClient, campaign: Campaign) {
  queryClient.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
  queryClient.setQueryData(campaignsQuery.queryKey, (pages) => {
    if (!pages) return pages;
    let isThere = false;
    const updated = mapPages<Campaign>(pages, (other) => {
      if (other.id !== campaign.id) return other;
      isThere = true;
      return campaign;
    });
    return isThere ? updated : insertSorted<Campaign>(pages, campaign, isNewer);
  });
}

export function dropCampaign(queryClient: QueryClient, campaignId: number) {
  queryClient.setQueryData(campaignsQuery.queryKey, (pages) => pages && mapPages<Campaign>(pages, (other) => (other.id === campaignId ? null : other)));
  queryClient.removeQueries({ queryKey: campaignQuery(campaignId).queryKey });
}

/** Campaigns and their progress: events of campaigns/events.py. The frame has the counts; who and why is asked again. */
export function campaignsLive(queryClient: QueryClient, event: LiveEvent) {
  if (event.name !== "campaign") return;
  if (event.action === "delete") return dropCampaign(queryClient, event.data.id as number);
  const campaign = event.data.campaign as Campaign;
  putCampaign(queryClient, campaign);
  invalidateSoon(queryClient, statsQuery(campaign.id).queryKey);
  invalidateSoon(queryClient, ["campaigns", "recipients", campaign.id]);
}
