import { notifyManager, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { socketTicket, useSession } from "@/api/session";
import { accountsLive } from "@/features/accounts/live";
import { campaignsLive } from "@/features/campaigns/live";
import { connectorsLive } from "@/features/connectors/live";
import { contactsLive } from "@/features/contacts/live";
import { ticketsLive } from "@/features/tickets/live";
import { useTeller } from "@/features/tickets/telling/use-teller";
import { LiveContext } from "@/lib/live-context";
import type { LiveEvent } from "@/lib/live-event";
import { type Frame, type Link, LiveSocket } from "@/lib/socket";
import { replayOver } from "./replay";

/** Frames without a number: who is here, who looks, who types. Whoever was away has missed nothing that is true now. */
const isToldOnce = (signal: Record<string, unknown>): signal is Pick<Frame, "event" | "data"> => typeof signal.event === "string" && signal.event.startsWith("company-") && typeof signal.data === "object";

/** "company-7-ticket" → "ticket". */
const nameOf = (event: string) => event.replace(/^company-\d+-/, "");

const eventOf = ({ event, data }: Pick<Frame, "event" | "data">, userId: number): LiveEvent => ({ name: nameOf(event), action: String(data.action), data, userId });

/** Every feature hears every event and takes what is its own. */
function tell(queryClient: QueryClient, frame: Pick<Frame, "event" | "data">, userId: number) {
  const event = eventOf(frame, userId);
  notifyManager.batch(() => {
    for (const hear of [accountsLive, ticketsLive, contactsLive, campaignsLive, connectorsLive]) hear(queryClient, event);
  });
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const userId = useSession().user.id;
  const [link, setLink] = useState<Link>("connecting");
  const teller = useTeller();
  const [{ socket, replay, listeners }] = useState(() => {
    const apply = (frame: Frame) => tell(queryClient, frame, userId);
    const replay = replayOver(queryClient, apply);
    const listeners = new Set<(event: LiveEvent) => void>();
    const socket = new LiveSocket({
      ticket: socketTicket,
      onLink: setLink,
      onReload: () => void queryClient.invalidateQueries(),
      onSignal: (signal) => {
        if (isToldOnce(signal)) tell(queryClient, signal, userId);
      },
      onFrame: (frame) => {
        replay.remember(frame);
        apply(frame);
        for (const listener of listeners) listener(eventOf(frame, userId));
      },
    });
    return { socket, replay, listeners };
  });

  // Once for each event: what is replayed over a fetch was told before.
  useEffect(() => {
    listeners.add(teller);
    return () => void listeners.delete(teller);
  });
  useEffect(() => {
    const nudge = () => socket.nudge();
    const stopReplay = replay.start();
    window.addEventListener("online", nudge);
    document.addEventListener("visibilitychange", nudge);
    socket.start();
    return () => {
      window.removeEventListener("online", nudge);
      document.removeEventListener("visibilitychange", nudge);
      stopReplay();
      socket.stop();
    };
  }, [socket, replay]);

  const value = useMemo(() => ({ socket, link }), [socket, link]);
  return <LiveContext value={value}>{children}</LiveContext>;
}
