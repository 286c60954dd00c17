import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "@/api/lookups";
import { useMay, useSession } from "@/api/session";
import type { Ticket } from "./api/list-tickets";

/** What may be sent here: by whom the conversation is held, and what the connection's gateway can carry. */
export function useComposing(ticket: Ticket) {
  const { user } = useSession();
  const may = useMay();
  const connection = useQuery(connectionsQuery).data?.find(({ id }) => id === ticket.connection.id);
  const kinds = connection?.capabilities.kinds ?? [];
  const holder = ticket.assignee && ticket.assignee.id !== user.id && user.role === "agent" ? ticket.assignee.name : null;
  const mayWrite = ticket.status !== "closed" && !holder && may("message.send");
  return { kinds, holder, mayWrite, mayReact: mayWrite && kinds.includes("reaction") };
}
