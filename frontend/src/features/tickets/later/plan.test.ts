import { expect, it } from "vitest";
import { changesOf, newPlan, planOf, writingOf } from "./plan";
import type { Schedule } from "./schedules";

const ZONE = "America/New_York";
const NOW = Date.parse("2026-11-26T12:00:00Z");
const schedule = (more: Partial<Schedule> = {}) =>
  ({ id: 1, body: "Hello", template: null, variables: {}, media: null, due_at: "2026-11-30T14:00:00Z", repeats: "week", every: 2, weekdays: [0], ends_on: null, cancels_on_reply: true, is_marketing: false, ...more }) as Schedule;
const template = { id: 5, name: "visit", language: "en", body: "Your visit is on {{1}}." };
const photo = { id: 9 } as Schedule["media"];

it("says only what was changed of the time and the file", () => {
  const plan = planOf(schedule(), ZONE, NOW);

  expect(plan.at).toBe("2026-11-30T09:00");
  expect(changesOf({ ...plan, text: "Hi" }, schedule(), ZONE)).toEqual({ body: "Hi", template: null, repeats: "week", every: 2, weekdays: [0], ends_on: null, cancels_on_reply: true, is_marketing: false });
  expect(changesOf({ ...plan, at: "2026-12-01T09:00" }, schedule({ media: photo }), ZONE)).toMatchObject({ first_at: "2026-12-01T09:00" });
  expect(changesOf(plan, schedule({ media: photo }), ZONE)).not.toHaveProperty("media");
});

it("goes from words to a template, and back without the template's file", () => {
  const plan = { ...planOf(schedule(), ZONE, NOW), isTemplate: true, template: { id: 5, variables: { "1": "Monday" }, media: photo } };
  const written = schedule({ body: "", template, variables: { "1": "Monday" }, media: photo });

  expect(changesOf(plan, schedule(), ZONE)).toMatchObject({ body: "", template: { id: 5, variables: { "1": "Monday" } }, media: 9 });
  expect(planOf(written, ZONE, NOW)).toMatchObject({ isTemplate: true, template: { id: 5, variables: { "1": "Monday" }, media: photo } });
  expect(changesOf({ ...planOf(written, ZONE, NOW), isTemplate: false, text: "Hi" }, written, ZONE)).toMatchObject({ body: "Hi", template: null, media: null });
});

it("gives one that failed a time that is still to come", () => {
  const failed = schedule({ status: "failed", due_at: null, repeats: "never" });

  expect(changesOf(planOf(failed, ZONE, NOW), failed, ZONE)).toMatchObject({ first_at: "2026-11-26T08:00", repeats: "never" });
});

it("writes a new one, with a file or a template", () => {
  const plan = newPlan("Hello", ZONE, NOW);

  expect(writingOf(plan, { ticket: 3 }, 9)).toEqual({ ticket: 3, body: "Hello", media: 9, first_at: "2026-11-26T08:00", repeats: "never", cancels_on_reply: false, is_marketing: false });
  expect(writingOf({ ...plan, isTemplate: true, template: { id: 5, variables: {}, media: null } }, { contact: 1, connection: 2 }, 9)).toEqual({
    contact: 1, connection: 2, template: { id: 5, variables: {} }, first_at: "2026-11-26T08:00", repeats: "never", cancels_on_reply: false, is_marketing: false,
  });
});
