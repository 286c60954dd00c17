export type Step = "minute" | "hour" | "day";
export type Point = { at: Date; amount: number };

const lengths: Record<Step, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const mostColumns = 400;
const fewestColumns = 10;

/** The same points, with a zero for every step in between in which nothing happened. */
export function withGaps(points: Point[], step: Step): Point[] {
  const filled: Point[] = [];
  for (const point of points) {
    for (let last = filled.at(-1); last && filled.length < mostColumns; last = filled.at(-1)) {
      const next = new Date(last.at.getTime() + lengths[step]);
      // Days are as long as their clocks say: half a step is near enough.
      if (next.getTime() > point.at.getTime() - lengths[step] / 2) break;
      filled.push({ at: next, amount: 0 });
    }
    filled.push(point);
  }
  return filled;
}

/** A few columns at least, so that the first minute is not as broad as the page: nothing happened before the first. */
export function withRoomBefore(points: Point[], step: Step): Point[] {
  const missing = fewestColumns - points.length;
  const first = points[0];
  if (!first || missing <= 0) return points;
  const before = Array.from({ length: missing }, (_, place) => ({ at: new Date(first.at.getTime() - (missing - place) * lengths[step]), amount: 0 }));
  return [...before, ...points];
}
