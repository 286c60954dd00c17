import { expect, test, vi } from "vitest";
import { reloadWhenOutdated } from "./reload-when-outdated";

test("a page that is gone is loaded anew, and not over and over", () => {
  const reload = vi.fn();
  let time = 1_000_000;
  reloadWhenOutdated(reload, () => time);
  const fail = () => window.dispatchEvent(new Event("vite:preloadError"));

  fail();
  fail();
  expect(reload).toHaveBeenCalledTimes(1);

  time += 61_000;
  fail();
  expect(reload).toHaveBeenCalledTimes(2);
});
