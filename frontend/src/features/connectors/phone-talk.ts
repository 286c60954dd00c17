import type { PhoneEntry } from "./api/play-customers";

export type Place = { latitude: number; longitude: number; name?: string; address?: string };
export type Card = { name: { formatted_name: string }; phones: { phone: string }[] };
export type Shown = PhoneEntry & { reactions: string[]; isReactedWith: string | undefined; quoted: PhoneEntry | undefined };

export const insideOf = ({ payload }: PhoneEntry) => (payload ?? {}) as { location?: Place; contacts?: Card[] };

/** What a message is about, in one line; empty when it has no words. */
export function gistOf(entry: PhoneEntry) {
  const { location, contacts } = insideOf(entry);
  const place = location && (location.name || `${location.latitude}, ${location.longitude}`);
  return entry.body || entry.filename || place || (contacts ?? []).map(({ name }) => name.formatted_name).join(", ");
}

/** The messages as a phone shows them: a reaction stands at what it is about (the last one of each side counts), an answer knows what it answers. */
export function talkOf(entries: PhoneEntry[]): Shown[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const reactions = new Map<string, Partial<Record<PhoneEntry["side"], string>>>();
  for (const { kind, target, side, body } of entries) if (kind === "reaction" && target) reactions.set(target, { ...reactions.get(target), [side]: body });
  return entries
    .filter(({ kind }) => kind !== "reaction")
    .map((entry) => {
      const { customer, company } = reactions.get(entry.id) ?? {};
      return { ...entry, reactions: [company, customer].flatMap((emoji) => emoji || []), isReactedWith: customer, quoted: byId.get(entry.reply_to ?? "") };
    });
}
