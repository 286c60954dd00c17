import type { QueryClient } from "@tanstack/react-query";
import type { Media } from "../api/get-media";
import type { Message } from "../api/list-messages";
import { send } from "../outbox";

const LONGEST_CAPTION = 1024;
const WITHOUT_CAPTION = ["audio", "sticker"];

type Said = { ticketId: number; text: string; files: Media[]; replyTo: Message | null; kinds: string[] };

/** Files one after another, the text beside the first that can have one, else as a message of its own. The first of them is the answer. */
export function say(queryClient: QueryClient, { ticketId, text, files, replyTo, kinds }: Said) {
  const captioned = text.length <= LONGEST_CAPTION ? files.find(({ kind }) => !WITHOUT_CAPTION.includes(kind)) : undefined;
  const answers = (isFirst: boolean) => (isFirst && replyTo ? { draft: { reply_to: String(replyTo.id) }, quoted: replyTo } : { draft: {}, quoted: undefined });
  files.forEach((media, index) => {
    const caption = media === captioned ? text : "";
    const { draft, quoted } = answers(index === 0);
    const as = kinds.includes(media.kind) ? {} : { kind: "document" as const };
    void send(queryClient, ticketId, "message", { media: media.id, caption, ...as, ...draft }, caption, { media, quoted });
  });
  if (!text || captioned) return;
  const { draft, quoted } = answers(files.length === 0);
  void send(queryClient, ticketId, "message", { body: text, ...draft }, text, { quoted });
}
