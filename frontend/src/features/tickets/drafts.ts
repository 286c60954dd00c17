import { useSyncExternalStore } from "react";

/** What was typed and not sent, by conversation. It survives a reload in this browser, for this person; files do not, so their number is kept. */
export type Draft = { text: string; mode: "message" | "note"; files: number; at: number };

const PREFIX = "recado.drafts.";
const KEPT = 30 * 86_400_000;
const MOST = 200;
const WRITTEN_AFTER = 300;

let key: string | null = null;
let drafts = new Map<number, Draft>();
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function changed(next: Map<number, Draft>) {
  drafts = next;
  for (const listener of listeners) listener();
  clearTimeout(timer);
  timer = setTimeout(write, WRITTEN_AFTER);
}

function write() {
  clearTimeout(timer);
  if (!key) return;
  const newest = [...drafts].toSorted(([, a], [, b]) => b.at - a.at).slice(0, MOST);
  try {
    if (newest.length) localStorage.setItem(key, JSON.stringify(newest));
    else localStorage.removeItem(key);
  } catch {
    // A full or forbidden storage: they live as long as the page.
  }
}

function read(from: string): Map<number, Draft> {
  try {
    const found = JSON.parse(localStorage.getItem(from) ?? "[]") as [number, Draft][];
    return new Map(found.filter(([, draft]) => draft.at > Date.now() - KEPT));
  } catch {
    return new Map();
  }
}

/** Whose drafts these are: another person at the same browser has their own. */
export function openDrafts(owner: string) {
  if (key === PREFIX + owner) return;
  write();
  key = PREFIX + owner;
  drafts = read(key);
}

window.addEventListener("pagehide", write);
// What is written in another tab is here as well; each conversation is as its last writer left it.
window.addEventListener("storage", (event) => {
  if (key === null || event.key !== key) return;
  drafts = read(key);
  for (const listener of listeners) listener();
});

export const keptDraft = (ticketId: number) => drafts.get(ticketId);
export function keepDraft(ticketId: number, draft: Omit<Draft, "at">) {
  if (!draft.text.trim() && !draft.files) return forgetDraft(ticketId);
  changed(new Map(drafts).set(ticketId, { ...draft, at: Date.now() }));
}
export function forgetDraft(ticketId: number) {
  if (!drafts.has(ticketId)) return;
  const next = new Map(drafts);
  next.delete(ticketId);
  changed(next);
  write();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useDraft = (ticketId: number) => useSyncExternalStore(subscribe, () => drafts.get(ticketId));
