import { type RefObject, useEffect } from "react";
import type { VirtuosoHandle } from "react-virtuoso";

/** When the composer grows, what stands above it moves up with its edge instead of going behind it. */
export function useSteadyBottom(list: RefObject<VirtuosoHandle | null>, frame: RefObject<HTMLElement | Window | null>) {
  useEffect(() => {
    const scroller = frame.current;
    if (!(scroller instanceof HTMLElement)) return;
    let height = scroller.clientHeight;
    const observer = new ResizeObserver(() => {
      const lost = height - scroller.clientHeight;
      height = scroller.clientHeight;
      if (lost > 0) list.current?.scrollBy({ top: lost });
    });
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [list, frame]);
}
