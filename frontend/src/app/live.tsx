import { notifyManager, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { socketTicket, useSession } from "@/api/session";
import { accountsLive } from "@/features/accounts/live";
import { campaignsLive } from "@/features/campaigns/live";
import { connectorsLive } from "@/features/connectors/live";
import { contactsLive } from "@/features/contacts/live";
import { ticketsLive } from "@/features/tickets/live";
import { LiveContext } from "@/lib/live-context";
import type { LiveEvent } from "@/lib/live-event";
import { type Frame, type Link, LiveSocket } from "@/lib/socket";
import { replayOver } from "./replay";

/** "company-7-ticket" → "ticket". */
const nameOf = (event: string) => event.replace(/^company-\d+-/, "");

/** Every feature hears every event and takes what is its own. */
function tell(queryClient: QueryClient, frame: Frame, userId: number) {
  const event: LiveEvent = { name: nameOf(frame.event), action: String(frame.data.action), data: frame.data, userId };
  notifyManager.batch(() => {
    for (const hear of [accountsLive, ticketsLive, contactsLive, campaignsLive, connectorsLive]) hear(queryClient, event);
  });
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const userId = useSession().user.id;
  const [link, setLink] = useState<Link>("connecting");
  const [{ socket, replay }] = useState(() => {
    const apply = (frame: Frame) => tell(queryClient, frame, userId);
    const replay = replayOver(queryClient, apply);
    const socket = new LiveSocket({
      ticket: socketTicket,
      onLink: setLink,
      onReload: () => void queryClient.invalidateQueries(),
      onFrame: (frame) => {
        replay.remember(frame);
        apply(frame);
      },
    });
    return { socket, replay };
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
