import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { type CursorPage, insertSorted, mapPages } from "@/api/page";
import { invalidateSoon } from "@/lib/invalidate-soon";
import type { LiveEvent } from "@/lib/live-event";
import { campaignQuery, statsQuery } from "./api/get-campaign";
import { type Campaign, type CampaignFilters, campaignsQuery } from "./api/list-campaigns";

type Pages = InfiniteData<CursorPage<Campaign>, string | undefined>;
const LISTS = { queryKey: ["campaigns", "list"] };
const isNewer = (a: Campaign, b: Campaign) => a.id > b.id;
const isEverything = ({ search, status }: CampaignFilters) => !search && !status;

/** In every list that shows it; a new one only in the list of all: the others are asked again. */
export function putCampaign(queryClient: QueryClient, campaign: Campaign) {
  queryClient.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
  for (const [key, pages] of queryClient.getQueriesData<Pages>(LISTS)) {
    if (!pages) continue;
    const filters = key[2] as CampaignFilters;
    let isThere = false;
    const updated = mapPages<Campaign>(pages, (other) => {
      if (other.id !== campaign.id) return other;
      isThere = true;
      return filters.status && campaign.status !== filters.status ? null : campaign;
    });
    if (isThere) queryClient.setQueryData(key, updated);
    else if (isEverything(filters)) queryClient.setQueryData(key, insertSorted<Campaign>(pages, campaign, isNewer));
    else invalidateSoon(queryClient, campaignsQuery(filters).queryKey);
  }
}

export function dropCampaign(queryClient: QueryClient, campaignId: number) {
  for (const [key, pages] of queryClient.getQueriesData<Pages>(LISTS)) if (pages) queryClient.setQueryData(key, mapPages<Campaign>(pages, (other) => (other.id === campaignId ? null : other)));
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
