import { useEffect, useReducer, useSyncExternalStore } from "react";
import type { LiveEvent } from "@/lib/live-event";

export type Colleague = { id: number; name: string };

// Typing is told every few seconds while it lasts, and never told to have ended.
const TYPING_LASTS = 6_000;
const CUSTOMER = 0;

let viewers = new Map<number, Colleague[]>();
let typing = new Map<number, { who: Colleague; until: number }[]>();
const listeners = new Set<() => void>();
const nobody: Colleague[] = [];
const nothing: { who: Colleague; until: number }[] = [];

function tell() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whoever speaks has stopped typing. */
export function hasSpoken(ticketId: number, userId: number | null) {
  if (!typing.get(ticketId)?.some(({ who }) => who.id === (userId ?? CUSTOMER))) return;
  typing = new Map(typing).set(ticketId, (typing.get(ticketId) ?? nothing).filter(({ who }) => who.id !== (userId ?? CUSTOMER)));
  tell();
}

/** Who looks at a conversation and who types in it: the socket's `viewers` and `typing`. */
export function companyLive({ action, data, userId }: Pick<LiveEvent, "action" | "data" | "userId">) {
  const ticketId = data.ticketId as number;
  if (action === "viewers") viewers = new Map(viewers).set(ticketId, (data.users as Colleague[]).filter(({ id }) => id !== userId));
  if (action === "typing") {
    const who = (data.user as Colleague | undefined) ?? { id: CUSTOMER, name: "" };
    if (who.id === userId) return;
    const others = (typing.get(ticketId) ?? nothing).filter((other) => other.who.id !== who.id && other.until > Date.now());
    typing = new Map(typing).set(ticketId, [...others, { who, until: Date.now() + TYPING_LASTS }]);
  }
  tell();
}

export const typingNow = (ticketId: number) => (typing.get(ticketId) ?? nothing).filter(({ until }) => until > Date.now()).map(({ who }) => who);

/** Colleagues who have this conversation open besides oneself. */
export const useViewers = (ticketId: number) => useSyncExternalStore(subscribe, () => viewers.get(ticketId) ?? nobody);

/** Colleagues who type here, and whether the customer does. */
export function useTyping(ticketId: number) {
  const entries = useSyncExternalStore(subscribe, () => typing.get(ticketId) ?? nothing);
  const [, look] = useReducer((turn: number) => turn + 1, 0);
  useEffect(() => {
    const next = Math.min(...entries.map(({ until }) => until).filter((until) => until > Date.now()));
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(look, next - Date.now() + 50);
    return () => clearTimeout(timer);
  });
  const now = typingNow(ticketId);
  return { colleagues: now.filter(({ id }) => id !== CUSTOMER), isCustomer: now.some(({ id }) => id === CUSTOMER) };
}
