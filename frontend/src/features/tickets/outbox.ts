import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api, ApiError, type Schemas, unwrap } from "@/api/client";
import { randomId } from "@/lib/random-id";
import type { Message } from "./api/list-messages";
import { addMessage } from "./live";

export type Draft = Omit<Schemas["MessageWriteRequest"], "client_key">;
export type Outgoing = { key: string; ticketId: number; kind: "message" | "note"; draft: Draft; text: string; at: string; error: unknown; media?: Schemas["Media"]; quoted?: Message };

/**
 * What was sent here and is not yet confirmed. The key is chosen in the browser and comes back as `client_key`, so a
 * bubble keeps its identity from the first moment to the last receipt, and a repeated send is one message.
 */
let waiting: Outgoing[] = [];
const listeners = new Set<() => void>();
const lanes = new Map<number, Promise<void>>();

function change(next: Outgoing[]) {
  waiting = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useOutbox = () => useSyncExternalStore(subscribe, () => waiting);

async function post({ key, ticketId, kind, draft }: Outgoing) {
  const params = { path: { id: String(ticketId) } };
  const headers = { "Idempotency-Key": key };
  if (kind === "note") return unwrap(api.POST("/api/v1/tickets/{id}/notes/", { params, headers, body: { body: draft.body ?? "" } }));
  return unwrap(api.POST("/api/v1/tickets/{id}/messages/", { params, headers, body: { ...draft, client_key: key } }));
}

/** One after another in each conversation: what was typed first is said first. */
function enqueue(queryClient: QueryClient, item: Outgoing) {
  const before = lanes.get(item.ticketId) ?? Promise.resolve();
  const sent = before.then(async () => {
    try {
      addMessage(queryClient, await post(item));
      change(waiting.filter(({ key }) => key !== item.key));
    } catch (error) {
      change(waiting.map((other) => (other.key === item.key ? { ...other, error } : other)));
    }
  });
  lanes.set(item.ticketId, sent);
  return sent;
}

export function send(queryClient: QueryClient, ticketId: number, kind: Outgoing["kind"], draft: Draft, text: string, shown: Pick<Outgoing, "media" | "quoted"> = {}) {
  const item: Outgoing = { key: randomId(), ticketId, kind, draft, text, at: new Date().toISOString(), error: null, ...shown };
  change([...waiting, item]);
  return enqueue(queryClient, item);
}

export function sendAgain(queryClient: QueryClient, key: string) {
  const item = waiting.find((other) => other.key === key);
  if (!item) return;
  const fresh = { ...item, error: null };
  change(waiting.map((other) => (other.key === key ? fresh : other)));
  return enqueue(queryClient, fresh);
}

/** What met no server goes once more when there is one again; the key keeps it one message. */
export function sendUnreached(queryClient: QueryClient) {
  for (const { key, error } of waiting) if (error instanceof ApiError && error.status === 0) void sendAgain(queryClient, key);
}

export const discard = (key: string) => change(waiting.filter((other) => other.key !== key));
