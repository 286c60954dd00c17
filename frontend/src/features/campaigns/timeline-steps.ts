export type Step = "minute" | "hour" | "day";
export type Point = { at: Date; amount: number };

const lengths: Record<Step, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const mostColumns = 400;

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
