import { createContext, useContext, useEffect } from "react";
import type { Link, LiveSocket } from "./socket";

export const LiveContext = createContext<{ socket: LiveSocket | null; link: Link }>({ socket: null, link: "connecting" });

export const useLink = () => useContext(LiveContext).link;

/** Be in a ticket's room while the component is shown. */
export function useTicketRoom(ticketId: number) {
  const { socket } = useContext(LiveContext);
  useEffect(() => socket?.join({ event: "joinChatBox", ticketId }, { event: "leaveChatBox", ticketId }), [socket, ticketId]);
}
