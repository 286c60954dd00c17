import type { Schemas } from "@/api/client";
import type { LiveEvent } from "@/lib/live-event";
import type { Message } from "../api/list-messages";
import type { Ticket } from "../api/list-tickets";
import type { Rule } from "./settings";

export type News = { key: string; ticket: Ticket; message: Message; kind: "message" | "transfer" };

const quiet = new Set<Message["kind"]>(["reaction", "system", "edit", "revoke"]);

/** What an event brings that somebody may want to be told of: a customer's message, or a conversation handed over to them. */
export function newsIn({ name, action, data, userId }: LiveEvent): News | null {
  if (name !== "appMessage" || action !== "create") return null;
  const { message, ticket } = data as { message: Message; ticket: Ticket };
  const key = `news.${message.id}`;
  if (message.direction === "in" && !quiet.has(message.kind)) return { key, ticket, message, kind: "message" };
  const isHandedOver = message.kind === "note" && Boolean((message.payload.transfer as { user?: string } | undefined)?.user);
  if (isHandedOver && ticket.assignee?.id === userId && message.author?.id !== userId) return { key, ticket, message, kind: "transfer" };
  return null;
}

/** Whether the rule wants it told. */
export function isWanted({ ticket, kind }: News, rule: Rule, userId: number, queues: readonly Schemas["Queue"][]): boolean {
  if (kind === "transfer" || rule === "all" || ticket.assignee?.id === userId) return true;
  if (rule === "mine" || ticket.assignee) return false;
  return ticket.queue === null || queues.some(({ id, members }) => id === ticket.queue?.id && members.some((member) => member.id === userId));
}
