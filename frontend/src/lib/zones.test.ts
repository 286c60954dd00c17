import { expect, test } from "vitest";
import { wallTimeIn, zoneName } from "./zones";

test("the same moment stands differently on different clocks, and in summer", () => {
  expect(wallTimeIn("America/Sao_Paulo", "2026-11-26T12:00:00Z")).toBe("2026-11-26T09:00");
  expect(wallTimeIn("America/New_York", "2026-01-15T14:00:00Z")).toBe("2026-01-15T09:00");
  expect(wallTimeIn("America/New_York", "2026-07-15T13:00:00Z")).toBe("2026-07-15T09:00");
  expect(zoneName("America/Sao_Paulo", "en", "2026-11-26T12:00:00Z")).toBe("America/Sao Paulo (GMT-3)");
});
