import type { QueryClient } from "@tanstack/react-query";
import type { Message } from "../api/list-messages";
import { send } from "../outbox";
import type { ToSend } from "./use-attachments";

const LONGEST_CAPTION = 1024;
const WITHOUT_CAPTION = ["audio", "sticker"];

type Said = { ticketId: number; text: string; files: ToSend[]; replyTo: Message | null; kinds: string[] };

/** Files one after another, the text beside the first that can have one, else as a message of its own. The first of them is the answer. */
export function say(queryClient: QueryClient, { ticketId, text, files, replyTo, kinds }: Said) {
  const captioned = text.length <= LONGEST_CAPTION ? files.find(({ media, as }) => !WITHOUT_CAPTION.includes(as ?? media.kind)) : undefined;
  const answers = (isFirst: boolean) => (isFirst && replyTo ? { draft: { reply_to: String(replyTo.id) }, quoted: replyTo } : { draft: {}, quoted: undefined });
  files.forEach((file, index) => {
    const { media } = file;
    const caption = file === captioned ? text : "";
    const { draft, quoted } = answers(index === 0);
    const kind = file.as ?? (kinds.includes(media.kind) ? undefined : ("document" as const));
    void send(queryClient, ticketId, "message", { media: media.id, caption, ...(kind ? { kind } : {}), ...draft }, caption, { media, quoted });
  });
  if (!text || captioned) return;
  const { draft, quoted } = answers(files.length === 0);
  void send(queryClient, ticketId, "message", { body: text, ...draft }, text, { quoted });
}
