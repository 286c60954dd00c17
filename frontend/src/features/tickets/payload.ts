import type { Message } from "./api/list-messages";

// A message's `payload` holds what gateways told in their own shapes: nothing in it is sure.
const object = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown) => (typeof value === "string" ? value : "");

export type Place = { latitude: number; longitude: number; name: string; address: string };
export type Card = { name: string; company: string; phones: string[] };
type Payload = Message["payload"];

export function placeOf(payload: Payload): Place | null {
  const { latitude, longitude, name, address } = object(payload.location);
  const [lat, lon] = [Number(latitude ?? NaN), Number(longitude ?? NaN)];
  return Number.isFinite(lat) && Number.isFinite(lon) ? { latitude: lat, longitude: lon, name: text(name), address: text(address) } : null;
}

export const cardsOf = (payload: Payload): Card[] =>
  list(payload.contacts).map((item) => {
    const card = object(item);
    const phones = list(card.phones).map((phone) => text(object(phone).phone) || text(object(phone).wa_id));
    return { name: text(object(card.name).formatted_name), company: text(object(card.org).company), phones: phones.filter(Boolean) };
  });

export type Reaction = { emoji: string; count: number; isOurs: boolean };

/** `reactions` by who reacted: "in" the customer, "out" the company. The same from both is one with a 2. */
export function reactionsOf(payload: Payload): Reaction[] {
  const { in: theirs, out: ours } = object(payload.reactions);
  const [their, our] = [text(object(theirs).emoji), text(object(ours).emoji)];
  if (their && their === our) return [{ emoji: our, count: 2, isOurs: true }];
  return [{ emoji: their, count: 1, isOurs: false }, { emoji: our, count: 1, isOurs: true }].filter(({ emoji }) => emoji);
}

/** Why our reaction did not arrive. */
export const reactionError = (payload: Payload) => text(object(object(payload.reactions).out).error);
export const isEdited = (payload: Payload) => list(payload.edits).length > 1;
export const isRevoked = ({ kind, payload }: Message) => kind === "revoke" || Boolean(payload.revoked_at);
