import type { Schemas } from "@/api/client";
import type { Health } from "../api/get-health";

type Connection = Pick<Schemas["Connection"], "state" | "state_reason" | "is_enabled" | "paused_until" | "no_campaigns_until" | "health_rest_until" | "health_rest_reason">;

export type FindingKey = "off" | "new" | "connecting" | "closed" | "silent" | "resting" | "restingForever" | "unwell" | "lowScore" | "fallingScore" | "noCampaigns" | "noCampaignsForever" | "lowQuality" | "mediumQuality" | "failing" | "unknown" | "throttled" | "restricted" | "well";

/** One thing to know about a number: `key` names its sentences (title, and what to do), the rest fills them. */
export type Finding = { key: FindingKey; tone: "good" | "mild" | "bad"; at?: string; reason?: string; count?: number; share?: number };

/** From here on a score is good. */
export const FINE_SCORE = 60;
// A few failures of many sends are everyday; and two sends say nothing.
const WORTH_SAYING = { share: 0.1, sends: 5 };
const isFuture = (at: string | null, now: number): at is string => at !== null && Date.parse(at) > now;
/** Meta names no end: until it says otherwise. */
const isForever = (at: string) => new Date(at).getUTCFullYear() >= 9999;

/** What a person should know, gravest first. */
export function findingsOf(connection: Connection, health: Health, now: number, score?: Pick<Schemas["NumberHealth"], "score" | "rests_below">): Finding[] {
  const reason = connection.state_reason;
  const found: Finding[] = [];
  if (!connection.is_enabled) found.push({ key: "off", tone: "mild" });
  if (connection.state === "closed") found.push({ key: "closed", tone: "bad", reason });
  if (connection.state === "new") found.push({ key: "new", tone: "mild" });
  if (connection.state === "connecting") found.push({ key: "connecting", tone: "mild" });
  if (health.silent_since !== null) found.push({ key: "silent", tone: "bad", at: health.silent_since });
  if (isFuture(connection.paused_until, now)) found.push({ key: isForever(connection.paused_until) ? "restingForever" : "resting", tone: "bad", at: connection.paused_until, reason: connection.state === "closed" ? "" : reason });
  if (isFuture(connection.no_campaigns_until, now)) found.push({ key: isForever(connection.no_campaigns_until) ? "noCampaignsForever" : "noCampaigns", tone: "bad", at: connection.no_campaigns_until });
  if (isFuture(connection.health_rest_until, now)) found.push({ key: "unwell", tone: "bad", at: connection.health_rest_until, reason: connection.health_rest_reason });
  else if (score && score.score !== null && score.score < FINE_SCORE) found.push(score.score < score.rests_below ? { key: "lowScore", tone: "bad" } : { key: "fallingScore", tone: "mild" });
  if (health.restrictions.length > 0 && !found.some(({ key }) => key.startsWith("noCampaigns") || key.startsWith("resting"))) found.push({ key: "restricted", tone: "mild" });
  const quality = health.quality.toUpperCase();
  if (quality === "RED") found.push({ key: "lowQuality", tone: "bad" });
  if (quality === "YELLOW") found.push({ key: "mediumQuality", tone: "mild" });
  if (health.failure_rate !== null && health.failure_rate >= WORTH_SAYING.share && health.sent + health.failed >= WORTH_SAYING.sends) found.push({ key: "failing", tone: "bad", count: health.failed, share: health.failure_rate });
  if (health.unknown > 0) found.push({ key: "unknown", tone: "mild", count: health.unknown });
  if (health.throttled > 0) found.push({ key: "throttled", tone: "mild", count: health.throttled });
  return found.length > 0 ? found : [{ key: "well", tone: "good" }];
}

/** "TIER_2K" and "2000" → 2000; no limit is Infinity; what is unknown is null. */
export function limitOf(said: string): number | null {
  if (/unlimited/i.test(said)) return Infinity;
  const found = /(\d+)(K?)$/i.exec(said);
  return found ? Number(found[1]) * (found[2] ? 1000 : 1) : null;
}
