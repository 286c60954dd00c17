import type { TemplateDraft } from "@/components/template-fields";
import { wallTimeIn } from "@/lib/zones";
import type { Changes, Schedule, Writing } from "./schedules";

export const rhythms = ["never", "day", "week", "month"] as const;
export type Rhythm = (typeof rhythms)[number];

/** What is written in the form. `at`: on the company's clocks; what they mean, the server says. */
export type Plan = { isTemplate: boolean; text: string; template: TemplateDraft | null; at: string; rhythm: Rhythm; every: number; weekdays: number[]; endsOn: string; cancelsOnReply: boolean; isMarketing: boolean };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times that are often meant. */
export const presetsOf = (zone: string, openedAt: number) =>
  [
    ["hour", wallTimeIn(zone, openedAt + HOUR)],
    ["tomorrow", `${wallTimeIn(zone, openedAt + DAY).slice(0, 10)}T09:00`],
    ["week", `${wallTimeIn(zone, openedAt + 7 * DAY).slice(0, 10)}T09:00`],
  ] as const;

export const newPlan = (text: string, zone: string, openedAt: number, isTemplate = false): Plan => ({
  isTemplate, text, template: null, at: wallTimeIn(zone, openedAt + HOUR), rhythm: "never", every: 1, weekdays: [], endsOn: "", cancelsOnReply: false, isMarketing: false,
});

/** As it stands. Of one that repeats the time is its next; one that failed needs another. */
export function planOf(schedule: Schedule, zone: string, openedAt: number): Plan {
  const { template, variables, media, due_at: dueAt, repeats, every, weekdays, ends_on: endsOn } = schedule;
  return {
    isTemplate: template !== null,
    text: schedule.body,
    template: template && { id: template.id, variables: variables as Record<string, string>, media },
    at: wallTimeIn(zone, dueAt ?? openedAt + HOUR),
    rhythm: repeats ?? "never",
    every: every ?? 1,
    weekdays,
    endsOn: endsOn ?? "",
    cancelsOnReply: schedule.cancels_on_reply ?? false,
    isMarketing: schedule.is_marketing ?? false,
  };
}

const rules = ({ rhythm, every, weekdays, endsOn, cancelsOnReply, isMarketing }: Plan) => ({
  repeats: rhythm,
  cancels_on_reply: cancelsOnReply,
  is_marketing: isMarketing,
  ...(rhythm === "never" ? {} : { every, ends_on: endsOn || null, weekdays: rhythm === "week" ? weekdays : [] }),
});

const templateOf = ({ template }: Plan) => template && { id: template.id, variables: template.variables };

type Place = { ticket: number } | { contact: number; connection: number };

/** A new one. `mediaId`: the file that goes with a text. */
export function writingOf(plan: Plan, place: Place, mediaId: number | null): Writing {
  const media = plan.isTemplate ? plan.template?.media?.id : mediaId;
  const said = plan.isTemplate ? { template: templateOf(plan) } : { body: plan.text };
  return { ...place, ...said, ...(media ? { media } : {}), first_at: plan.at, ...rules(plan) };
}

/** What is to be changed. The time and the file stay unsaid where they are the same: a time that is over is refused, and a file may be a colleague's. */
export function changesOf(plan: Plan, schedule: Schedule, zone: string): Changes {
  const before = schedule.media?.id ?? null;
  const media = plan.isTemplate ? (plan.template?.media?.id ?? null) : schedule.template ? null : before;
  const isMoved = schedule.due_at === null || plan.at !== wallTimeIn(zone, schedule.due_at);
  return {
    body: plan.isTemplate ? "" : plan.text,
    template: plan.isTemplate ? templateOf(plan) : null,
    ...(media === before ? {} : { media }),
    ...(isMoved ? { first_at: plan.at } : {}),
    ...rules(plan),
  };
}
