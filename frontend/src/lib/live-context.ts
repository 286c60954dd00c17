import { createContext, useContext, useEffect } from "react";
import type { Link, LiveSocket, Said } from "./socket";

export const LiveContext = createContext<{ socket: LiveSocket | null; link: Link }>({ socket: null, link: "connecting" });

export const useLink = () => useContext(LiveContext).link;

/** Say something that is worthless later. */
export function useSay() {
  const { socket } = useContext(LiveContext);
  return (said: Said) => socket?.say(said);
}

/** Be in a ticket's room while the component is shown. */
export function useTicketRoom(ticketId: number) {
  const { socket } = useContext(LiveContext);
  useEffect(() => socket?.join({ event: "joinChatBox", ticketId }, { event: "leaveChatBox", ticketId }), [socket, ticketId]);
}
