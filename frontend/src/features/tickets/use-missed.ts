import { useState } from "react";
import type { Line } from "./stream";

/** How many messages came in below while somebody reads further up. */
export function useMissed(lines: Line[], isAtBottom: boolean) {
  const last = lines.at(-1)?.key;
  const [seen, setSeen] = useState(last);
  if (isAtBottom && seen !== last) setSeen(last);
  if (isAtBottom || seen === last) return 0;
  const at = lines.findLastIndex(({ key }) => key === seen);
  return lines.slice(at + 1).filter(({ message }) => message?.direction === "in" || message?.kind === "note").length;
}
