import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, unwrap } from "@/api/client";
import type { Ticket } from "./list-tickets";

/** What is shown to somebody who looks is read. The count follows by the socket (`updateUnread`). */
export function useReadTicket(ticket: Ticket) {
  const { mutate } = useMutation({ mutationFn: (ticketId: number) => unwrap(api.POST("/api/v1/tickets/{id}/read/", { params: { path: { id: String(ticketId) } } })) });
  const { id, unread_count: unread, status } = ticket;
  const isForUs = unread > 0 && status !== "pending"; // somebody who only peeks at the queue has not taken it
  useEffect(() => {
    if (!isForUs) return;
    const read = () => !document.hidden && mutate(id);
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, isForUs, unread, mutate]);
}
