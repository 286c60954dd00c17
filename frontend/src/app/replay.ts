import type { QueryCacheNotifyEvent, QueryClient } from "@tanstack/react-query";
import type { Frame } from "@/lib/socket";

const KEPT = 60_000;

/**
 * A frame that arrives while a list is being fetched would be overwritten by the older answer. So frames are kept for a
 * minute, and after each fetch those that came since it began are applied once more: applying is idempotent, and the last
 * frame about an object carries its newest state.
 */
export function replayOver(queryClient: QueryClient, apply: (frame: Frame) => void) {
  let frames: { at: number; frame: Frame }[] = [];
  const begun = new Map<string, number>();

  const watch = (event: QueryCacheNotifyEvent) => {
    if (event.type !== "updated") return;
    const { queryHash } = event.query;
    if (event.action.type === "fetch") begun.set(queryHash, Date.now());
    if (event.action.type !== "success" || event.action.manual) return;
    const since = begun.get(queryHash);
    begun.delete(queryHash);
    if (since === undefined) return;
    const missed = frames.filter(({ at }) => at >= since);
    if (missed.length) queueMicrotask(() => missed.forEach(({ frame }) => apply(frame)));
  };

  return {
    remember(frame: Frame) {
      const now = Date.now();
      frames = [...frames.filter(({ at }) => at > now - KEPT), { at: now, frame }];
    },
    /** Begins to watch; returns what ends it. */
    start: () => queryClient.getQueryCache().subscribe(watch),
  };
}
