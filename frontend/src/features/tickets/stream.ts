import { isSameDay } from "@/lib/format";
import { eventOf } from "./event-of";
import type { Message } from "./api/list-messages";
import type { Outgoing } from "./outbox";

/** One line of the conversation: a message that the server knows, or one that is still on its way to it. */
export type Line = { key: string; at: string; side: string; author: number | null; isJoinable: boolean } & ({ message: Message; outgoing?: undefined } | { outgoing: Outgoing; message?: undefined });

const JOINED_WITHIN = 10 * 60_000;

function lineOf(message: Message): Line {
  const side = message.kind === "note" ? "note" : `${message.direction} ${message.origin}`;
  return { key: message.client_key || `m${message.id}`, at: message.occurred_at, side, author: message.author?.id ?? null, isJoinable: message.kind !== "system" && !eventOf(message), message };
}

/** Notes have no `client_key`: while one is on its way, its own push may overtake the answer. */
const isStored = (item: Outgoing, newestFirst: Message[], userId: number) =>
  newestFirst.some(({ kind, body, author, occurred_at }) => kind === "note" && body === item.text && author?.id === userId && Date.parse(occurred_at) > Date.parse(item.at) - 5_000);

/** Oldest first; what is on its way comes last. The same `client_key` is the same line, so it never doubles or jumps. */
export function linesOf(newestFirst: Message[], outbox: Outgoing[], userId: number): Line[] {
  const lines = newestFirst.map(lineOf).reverse();
  const known = new Set(lines.map((line) => line.key));
  const waiting = outbox.filter((item) => !known.has(item.key) && !(item.kind === "note" && isStored(item, newestFirst, userId)));
  return [...lines, ...waiting.map((outgoing): Line => ({ key: outgoing.key, at: outgoing.at, side: outgoing.kind === "note" ? "note" : "out agent", author: userId, isJoinable: true, outgoing }))];
}

export const isJoined = (above: Line | undefined, below: Line | undefined) =>
  above !== undefined && below !== undefined && above.isJoinable && below.isJoinable && above.side === below.side && above.author === below.author && Date.parse(below.at) - Date.parse(above.at) < JOINED_WITHIN && isSameDay(above.at, below.at);
