import { describe, expect, it } from "vitest";
import type { Health } from "../api/get-health";
import { findingsOf, limitOf } from "./findings";

const now = Date.parse("2026-03-01T12:00:00Z");
const connected = { state: "connected", state_reason: "", is_enabled: true, paused_until: null, no_campaigns_until: null, health_rest_until: null, health_rest_reason: "" } as const;
const quiet: Health = { last_round_trip_at: "2026-03-01T11:59:00Z", silent_since: null, sent: 0, failed: 0, throttled: 0, unknown: 0, failure_rate: null, messages_per_second: 80, quality: "GREEN", messaging_limit: "TIER_2K", restrictions: [] };
const keys = (connection: Parameters<typeof findingsOf>[0], health: Health) => findingsOf(connection, health, now).map(({ key }) => key);

describe("findingsOf", () => {
  it("says that all is well when nothing is wrong", () => {
    expect(keys(connected, quiet)).toEqual(["well"]);
  });

  it("names the gravest first, with its reason", () => {
    const found = findingsOf({ ...connected, state: "closed", state_reason: "The token has expired." }, { ...quiet, quality: "YELLOW", throttled: 3 }, now);

    expect(found).toEqual([{ key: "closed", tone: "bad", reason: "The token has expired." }, { key: "mediumQuality", tone: "mild" }, { key: "throttled", tone: "mild", count: 3 }]);
  });

  it("forgets a rest that is over, and knows one without an end", () => {
    expect(keys({ ...connected, paused_until: "2026-03-01T11:00:00Z" }, quiet)).toEqual(["well"]);
    expect(keys({ ...connected, paused_until: "2026-03-01T13:00:00Z", no_campaigns_until: "9999-01-01T00:00:00Z" }, quiet)).toEqual(["resting", "noCampaignsForever"]);
  });

  it("does not say that all is well beside a low score", () => {
    const told = (score: number | null, resting: string | null = null) => findingsOf({ ...connected, health_rest_until: resting }, quiet, now, { score, rests_below: 30 }).map(({ key }) => key);

    expect([told(null), told(60), told(59), told(29)]).toEqual([["well"], ["well"], ["fallingScore"], ["lowScore"]]);
    expect(told(29, "2026-03-01T13:00:00Z")).toEqual(["unwell"]);
  });

  it("does not cry over one failure of two sends", () => {
    expect(keys(connected, { ...quiet, sent: 1, failed: 1, failure_rate: 0.5 })).toEqual(["well"]);
    expect(keys(connected, { ...quiet, sent: 8, failed: 2, failure_rate: 0.2 })).toEqual(["failing"]);
  });
});

describe("limitOf", () => {
  it("reads Meta's tiers and plain numbers", () => {
    expect(["TIER_250", "TIER_2K", "2000", "TIER_UNLIMITED", ""].map(limitOf)).toEqual([250, 2000, 2000, Infinity, null]);
  });
});
