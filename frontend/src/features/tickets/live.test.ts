import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, test } from "vitest";
import { flat, type Pages } from "@/api/page";
import { message, ticket } from "@/testing/samples";
import { type Message, messagesQuery } from "./api/list-messages";
import { type Ticket, type TicketFilters, ticketsQuery } from "./api/list-tickets";
import { addMessage, ticketsLive } from "./live";

const ME = 7;
const open: TicketFilters = { status: "open", mine: false, queue: null, search: "" };
const pending: TicketFilters = { ...open, status: "pending" };
const mine: TicketFilters = { ...open, mine: true };

let client: QueryClient;
const load = (filters: TicketFilters, tickets: Ticket[], next: string | null = null) => client.setQueryData(ticketsQuery(filters).queryKey, { pages: [{ results: tickets, next }], pageParams: [undefined] });
const ids = (filters: TicketFilters) => flat(client.getQueryData(ticketsQuery(filters).queryKey) as Pages<Ticket>).map(({ id }) => id);
const at = (minute: number) => `2026-11-22T12:${String(minute).padStart(2, "0")}:00Z`;
const hear = (name: string, data: Record<string, unknown>) => ticketsLive(client, { name, action: String(data.action), data, userId: ME });

beforeEach(() => {
  client = new QueryClient();
});

test("a ticket that is accepted moves from one list to the other, to its place", () => {
  const waiting = ticket({ id: 5, status: "pending", assignee: null, last_message_at: at(20) });
  load(pending, [waiting]);
  load(open, [ticket({ id: 1, last_message_at: at(30) }), ticket({ id: 2, last_message_at: at(10) })]);
  load(mine, []);

  hear("ticket", { action: "update", ticket: { ...waiting, status: "open", assignee: { id: ME, name: "Ana Lima" } } });

  expect([ids(pending), ids(open), ids(mine)]).toEqual([[], [1, 5, 2], [5]]);
});

test("a new message lifts its ticket to the top and joins the loaded conversation once", () => {
  const [first, second] = [ticket({ id: 1, last_message_at: at(30) }), ticket({ id: 2, last_message_at: at(10) })];
  load(open, [first, second]);
  client.setQueryData(messagesQuery(2).queryKey, { pages: [{ results: [message({ id: 50, ticket: 2 })], next: null }], pageParams: [undefined] });
  const said = { action: "create", message: message({ id: 51, ticket: 2, body: "News" }), ticket: { ...second, last_message_at: at(40), unread_count: 1 }, contact: second.contact };

  hear("appMessage", said);
  hear("appMessage", said);

  expect(ids(open)).toEqual([2, 1]);
  expect(flat(client.getQueryData<Pages<Message>>(messagesQuery(2).queryKey)).map(({ id }) => id)).toEqual([51, 50]);
});

test("a receipt changes the message where it stands", () => {
  client.setQueryData(messagesQuery(1).queryKey, { pages: [{ results: [message({ id: 9 }), message({ id: 8 })], next: null }], pageParams: [undefined] });

  hear("appMessage", { action: "update", message: message({ id: 8, status: "read" }), ticket: ticket(), contact: ticket().contact });

  expect(flat(client.getQueryData<Pages<Message>>(messagesQuery(1).queryKey)).map(({ id, status }) => [id, status])).toEqual([[9, "queued"], [8, "read"]]);
});

test("what belongs below the loaded pages waits for scrolling", () => {
  load(open, [ticket({ id: 1, last_message_at: at(30) })], "https://recado.test/?cursor=x");

  hear("ticket", { action: "update", ticket: ticket({ id: 2, last_message_at: at(5) }) });

  expect(ids(open)).toEqual([1]);
});

test("a ticket that went to others is gone, and an unread count reaches every list", () => {
  load(open, [ticket({ id: 1 }), ticket({ id: 2 })]);

  hear("ticket", { action: "delete", ticketId: 1 });
  hear("ticket", { action: "updateUnread", ticketId: 2, unread: 4 });

  expect(flat(client.getQueryData(ticketsQuery(open).queryKey) as Pages<Ticket>).map(({ id, unread_count }) => [id, unread_count])).toEqual([[2, 4]]);
});

test("an answer that comes after its message failed does not call it waiting again", () => {
  const queued = message({ id: 52, ticket: 2, status: "queued" });
  client.setQueryData(messagesQuery(2).queryKey, { pages: [{ results: [{ ...queued, status: "failed" as const }], next: null }], pageParams: [undefined] });

  addMessage(client, queued);

  const shown = flat(client.getQueryData(messagesQuery(2).queryKey) as Pages<Message>);
  expect(shown.map(({ id, status }) => [id, status])).toEqual([[52, "failed"]]);
});
