import type { TemplateDraft } from "@/components/template-fields";
import type { Campaign } from "./api/list-campaigns";
import type { CampaignWrite } from "./api/save-campaign";

/** The form as it is being filled in. `at` is local, as `datetime-local` writes it. */
export type Draft = {
  name: string;
  connection: number | null;
  kind: "text" | "template";
  body: string;
  template: TemplateDraft | null;
  lists: number[];
  tags: number[];
  excluded_tags: number[];
  when: "now" | "later";
  at: string;
};

function localTime(iso: string) {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const asStrings = (variables: unknown) => Object.fromEntries(Object.entries((variables ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)]));

export const draftOf = (campaign: Campaign | null): Draft => ({
  name: campaign?.name ?? "",
  connection: campaign?.connection ?? null,
  kind: campaign?.template ? "template" : "text",
  body: campaign?.body ?? "",
  template: campaign?.template ? { id: campaign.template, variables: asStrings(campaign.variables) } : null,
  lists: campaign?.lists ?? [],
  tags: campaign?.tags ?? [],
  excluded_tags: campaign?.excluded_tags ?? [],
  when: campaign?.starts_at ? "later" : "now",
  at: campaign?.starts_at ? localTime(campaign.starts_at) : "",
});

export const startsAt = (draft: Draft) => (draft.when === "later" && draft.at ? new Date(draft.at).toISOString() : null);

export const writeOf = (draft: Draft, connection: number): CampaignWrite => ({
  name: draft.name.trim(),
  connection,
  body: draft.kind === "text" ? draft.body : "",
  template: draft.kind === "template" ? (draft.template?.id ?? null) : null,
  variables: draft.kind === "template" ? (draft.template?.variables ?? {}) : {},
  lists: draft.lists,
  tags: draft.tags,
  excluded_tags: draft.excluded_tags,
  starts_at: startsAt(draft),
});
