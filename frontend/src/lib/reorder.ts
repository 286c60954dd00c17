type Placed = { id: number; position?: number };

/** The list with the item at `from` moved to `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** Where each stands now, of those whose stored position says otherwise. */
export const misplaced = <T extends Placed>(items: readonly T[]) => items.flatMap((item, position) => (item.position === position ? [] : [{ id: item.id, position }]));
