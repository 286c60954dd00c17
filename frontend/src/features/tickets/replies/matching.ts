import type { QuickReply } from "../api/list-quick-replies";

/** "Olá" is found by "ola". */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export type Slash = { start: number; end: number; words: string };

/** The slash word that the caret stands at the end of: `/pix`, at the start of the text or after a space. */
export function slashAt(text: string, caret: number): Slash | null {
  const found = /(?:^|\s)(\/[^\s/]*)$/.exec(text.slice(0, caret));
  const word = found?.[1];
  return word === undefined ? null : { start: caret - word.length, end: caret, words: word.slice(1) };
}

const nearness = { personal: 0, queue: 1, company: 2 };

/** How well a reply fits: shortcuts that begin so come first, then those that hold it, then titles, then texts; -1 does not fit. */
function rankOf(reply: QuickReply, words: string) {
  const shortcut = plain(reply.shortcut);
  if (shortcut.startsWith(words)) return 0;
  if (shortcut.includes(words)) return 1;
  if (plain(reply.title).includes(words)) return 2;
  return plain(reply.body ?? "").includes(words) ? 3 : -1;
}

/** Best first; among equals one's own before the queue's and the company's, the most used before the others. */
export function repliesMatching(replies: readonly QuickReply[], words: string): QuickReply[] {
  const wanted = plain(words);
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || nearness[a.reply.scope] - nearness[b.reply.scope] || b.reply.usage_count - a.reply.usage_count || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .map(({ reply }) => reply);
}
