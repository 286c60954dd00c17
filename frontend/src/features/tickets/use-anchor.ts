import { useState } from "react";
import type { Line } from "./stream";

const FAR = 1_000_000;

/**
 * Virtuoso keeps the place while older lines come in above when its first index shrinks by as many, in the same render.
 * Lines that arrive below leave it alone.
 */
export function useAnchor(lines: Line[]) {
  const [anchor, setAnchor] = useState({ lines, first: FAR - lines.length });
  if (anchor.lines === lines) return anchor;
  const oldest = anchor.lines[0]?.key;
  const added = oldest === undefined ? lines.length : Math.max(0, lines.findIndex((line) => line.key === oldest));
  const next = { lines, first: anchor.first - added };
  setAnchor(next);
  return next;
}
