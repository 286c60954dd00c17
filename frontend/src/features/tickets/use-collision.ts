import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flat } from "@/api/page";
import { useSession } from "@/api/session";
import { useSay } from "@/lib/live-context";
import { type Message, messagesQuery } from "./api/list-messages";
import { typingNow } from "./company-here";

export type Collision = { kind: "answered" | "typing"; name: string };

const SAID_EVERY = 3_000;

/**
 * Two people at one answer. `types` tells the others that something is being written here, and remembers since when; `holds` says,
 * once, that a colleague answered meanwhile or is typing too: who then sends again, means it.
 */
export function useCollision(ticketId: number) {
  const { user } = useSession();
  const queryClient = useQueryClient();
  const say = useSay();
  const [openedAt] = useState(() => Date.now());
  const since = useRef(openedAt);
  const saidAt = useRef(0);
  const [collision, setCollision] = useState<Collision | null>(null);

  const types = (before: string, after: string, isNote: boolean) => {
    if (!before.trim()) since.current = Date.now();
    if (!after.trim() || Date.now() - saidAt.current < SAID_EVERY) return;
    saidAt.current = Date.now();
    say({ event: "typing", ticketId, isNote });
  };
  const found = (): Collision | null => {
    const answer = flat<Message>(queryClient.getQueryData(messagesQuery(ticketId).queryKey)).find(
      ({ direction, kind, origin, author, occurred_at }) => direction === "out" && kind !== "note" && origin === "agent" && author !== null && author.id !== user.id && Date.parse(occurred_at) > since.current,
    );
    if (answer?.author) return { kind: "answered", name: answer.author.name };
    const typist = typingNow(ticketId).find(({ id }) => id > 0);
    return typist ? { kind: "typing", name: typist.name } : null;
  };
  const holds = () => {
    const next = collision ? null : found();
    setCollision(next);
    return next !== null;
  };
  const forget = () => {
    since.current = Date.now();
    saidAt.current = 0;
    setCollision(null);
  };
  return { collision, types, holds, forget };
}
