import type { RefObject } from "react";
import { useErrorToast } from "@/components/error-words";
import { useFillQuickReply } from "../api/fill-quick-reply";
import type { Media } from "../api/get-media";
import type { QuickReply } from "../api/list-quick-replies";
import type { Slash } from "./matching";

type Options = { ticketId: number; box: RefObject<HTMLTextAreaElement | null>; write: (text: string) => void; onFile: (media: Media) => void };

/** Puts the chosen reply, filled for this conversation, in the place of the slash word; its file goes beside it. */
export function useReplyPick({ ticketId, box, write, onFile }: Options) {
  const toast = useErrorToast();
  const fill = useFillQuickReply(ticketId);
  const pick = (reply: QuickReply, { start, end }: Slash) => {
    const before = box.current?.value ?? "";
    const onSuccess = ({ body, media }: { body: string; media: Media | null }) => {
      write(before.slice(0, start) + body + before.slice(end));
      if (media) onFile(media);
      const gap = /{{[^{}]+}}/.exec(body);
      const [from, to] = gap ? [start + gap.index, start + gap.index + gap[0].length] : [start + body.length, start + body.length];
      requestAnimationFrame(() => {
        box.current?.focus();
        box.current?.setSelectionRange(from, to);
      });
    };
    fill.mutate(reply.id, { onSuccess, onError: toast });
  };
  return { isFilling: fill.isPending, pick };
}
