import type { Schemas } from "@/api/client";
import { randomId } from "@/lib/random-id";
import { wallTimeIn } from "@/lib/zones";
import type { Campaign } from "./api/list-campaigns";
import type { CampaignWrite } from "./api/save-campaign";
import { parseRecipients } from "./parse-recipients";

export type Media = Schemas["Media"];
export type Distribution = Schemas["DistributionEnum"];
export type Condition = Schemas["Condition"];
export type VariantDraft = { key: string; body: string; media: Media | null; weight: number };

/** The wizard as it is being filled in. `at` is on the company's clocks; `numbers` as they were pasted. */
export type Draft = {
  name: string;
  connection: number | null;
  /** Further numbers that share the recipients out with it. */
  others: { connection: number; weight: number }[];
  weight: number;
  distribution: Distribution;
  everybody: boolean;
  lists: number[];
  tags: number[];
  allTags: boolean;
  excluded_tags: number[];
  conditions: Condition[];
  numbers: string;
  kind: "text" | "template";
  variants: VariantDraft[];
  template: number | null;
  variables: Record<string, string>;
  headerMedia: Media | null;
  when: "now" | "later";
  at: string;
};

export const MOST_VARIANTS = 5;

const asStrings = (variables: unknown) => Object.fromEntries(Object.entries((variables ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)]));

export const newVariant = (part: Partial<VariantDraft> = {}): VariantDraft => ({ key: randomId(), body: "", media: null, weight: 1, ...part });

function variantsOf(campaign: Campaign | null): VariantDraft[] {
  if (campaign?.variants.length) return campaign.variants.map(({ body = "", media, weight = 1 }) => newVariant({ body, media, weight }));
  return [newVariant({ body: campaign?.body ?? "" })];
}

export const draftOf = (campaign: Campaign | null, zone: string, numbers = ""): Draft => ({
  name: campaign?.name ?? "",
  connection: campaign?.connection ?? null,
  others: (campaign?.connections ?? []).slice(1).map(({ connection, weight = 1 }) => ({ connection, weight })),
  weight: campaign?.connections[0]?.weight ?? 1,
  distribution: campaign?.distribution ?? "round_robin",
  everybody: campaign?.is_for_everybody ?? false,
  lists: campaign?.lists ?? [],
  tags: campaign?.tags ?? [],
  allTags: campaign?.has_all_tags ?? false,
  excluded_tags: campaign?.excluded_tags ?? [],
  conditions: campaign?.conditions ?? [],
  numbers,
  kind: campaign?.template ? "template" : "text",
  variants: variantsOf(campaign),
  template: campaign?.template ?? null,
  variables: asStrings(campaign?.variables),
  headerMedia: campaign?.header_media ?? null,
  when: campaign?.starts_at ? "later" : "now",
  at: campaign?.starts_at ? wallTimeIn(zone, campaign.starts_at) : "",
});

export const startsAt = (draft: Draft) => (draft.when === "later" && draft.at ? draft.at : null);

const isWhole = ({ operator, value }: Condition) => operator === "is_set" || operator === "is_empty" || Boolean(value?.trim());

export const audienceOf = (draft: Draft) => ({
  is_for_everybody: draft.everybody,
  lists: draft.everybody ? [] : draft.lists,
  tags: draft.everybody ? [] : draft.tags,
  has_all_tags: draft.allTags,
  excluded_tags: draft.excluded_tags,
  conditions: draft.conditions.filter(isWhole),
});

export const contentOf = (draft: Draft) =>
  draft.kind === "template"
    ? { template: draft.template, variables: draft.variables, header_media: draft.headerMedia?.id ?? null }
    : { template: null, header_media: null, variants: draft.variants.map(({ body, media, weight }) => ({ body, media: media?.id ?? null, weight })) };

/** One number alone is `connection`; several are `connections`, of which it is the first. */
export const linesOf = (draft: Draft, connection: number) => ({ connection, distribution: draft.distribution, connections: draft.others.length ? [{ connection, weight: draft.weight }, ...draft.others] : undefined });

/** All but the numbers, which are long and are said only when they changed. */
export const writeOf = (draft: Draft, connection: number): CampaignWrite => ({ name: draft.name.trim(), ...linesOf(draft, connection), ...audienceOf(draft), ...contentOf(draft), starts_at: startsAt(draft) });

export const recipientsOf = (draft: Draft) => parseRecipients(draft.numbers);

export const hasAudience = (draft: Draft) => draft.everybody || draft.lists.length > 0 || draft.tags.length > 0 || draft.numbers.trim() !== "";

export const hasContent = (draft: Draft) => (draft.kind === "template" ? draft.template !== null : draft.variants.some(({ body, media }) => body.trim() !== "" || media !== null));

/** Something that would be a pity to lose. */
export const isWorthSaving = (draft: Draft) => draft.name.trim() !== "" || hasAudience(draft) || hasContent(draft);
