import type { InfiniteData } from "@tanstack/react-query";

export type CursorPage<T> = { results: T[]; next?: string | null; previous?: string | null };
export type Pages<T> = InfiniteData<CursorPage<T>, unknown>;

/** The cursor of the next page, from the link that the server gives. */
export function nextCursor(page: { next?: string | null }): string | undefined {
  if (!page.next) return undefined;
  return new URL(page.next, window.location.origin).searchParams.get("cursor") ?? undefined;
}

/** Every result of a list that is short enough to have whole. */
export async function everyResult<T>(fetchPage: (cursor: string | undefined) => Promise<CursorPage<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    found.push(...page.results);
    cursor = nextCursor(page);
  } while (cursor);
  return found;
}

export const flat = <T>(pages: Pages<T> | undefined): T[] => pages?.pages.flatMap((page) => page.results) ?? [];

/** The same pages with every result passed through `change`; null leaves it out. Untouched pages keep their identity. */
export function mapPages<T>(pages: Pages<T>, change: (item: T) => T | null): Pages<T> {
  let touched = false;
  const next = pages.pages.map((page) => {
    const results = page.results.flatMap((item) => {
      const changed = change(item);
      if (changed !== item) touched = true;
      return changed === null ? [] : [changed];
    });
    return { ...page, results };
  });
  return touched ? { ...pages, pages: next } : pages;
}

/**
 * `item` at its place by `isBefore` in lists that are loaded page by page. Past the end of what is loaded it is
 * left out, unless nothing more is to come: scrolling will bring it.
 */
export function insertSorted<T>(pages: Pages<T>, item: T, isBefore: (a: T, b: T) => boolean): Pages<T> {
  let placed = false;
  const next = pages.pages.map((page, index) => {
    if (placed) return page;
    const at = page.results.findIndex((other) => isBefore(item, other));
    const isLast = index === pages.pages.length - 1;
    if (at < 0 && !(isLast && !page.next)) return page;
    placed = true;
    return { ...page, results: at < 0 ? [...page.results, item] : page.results.toSpliced(at, 0, item) };
  });
  return placed ? { ...pages, pages: next } : pages;
}
