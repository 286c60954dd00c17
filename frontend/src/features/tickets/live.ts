import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { insertSorted, mapPages, type Pages } from "@/api/page";
import { invalidateSoon } from "@/lib/invalidate-soon";
import type { LiveEvent } from "@/lib/live-event";
import { companyLive, hasSpoken } from "./company-here";
import { countsQuery } from "./api/count-tickets";
import { ticketQuery } from "./api/get-ticket";
import { type Message, messagesQuery } from "./api/list-messages";
import { quickRepliesQuery } from "./api/list-quick-replies";
import { routingsQuery } from "./api/list-routings";
import type { Ticket, TicketFilters } from "./api/list-tickets";
import { SCHEDULES } from "./later/schedules";

const isNewer = (a: { id: number }, b: { id: number }) => a.id > b.id;

/** The order of the list: last message first. */
function isBefore(a: Ticket, b: Ticket) {
  const [atA, atB] = [Date.parse(a.last_message_at), Date.parse(b.last_message_at)];
  return atA === atB ? a.id > b.id : atA > atB;
}

const belongs = (ticket: Ticket, filters: TicketFilters, userId: number) =>
  ticket.status === filters.status && (!filters.mine || ticket.assignee?.id === userId) && (filters.queue === null || ticket.queue?.id === filters.queue);

function eachList(queryClient: QueryClient, change: (pages: Pages<Ticket>, filters: TicketFilters) => Pages<Ticket>) {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ["tickets", "list"] })) {
    const filters = query.queryKey[2] as TicketFilters;
    const pages = query.state.data as Pages<Ticket> | undefined;
    if (pages) queryClient.setQueryData(query.queryKey, change(pages, filters));
    if (filters.search) invalidateSoon(queryClient, query.queryKey); // who matches words is the server's to say
  }
}

/** The ticket as it is now: into the lists where it belongs, at its place, and out of the others. */
export function putTicket(queryClient: QueryClient, ticket: Ticket, userId: number) {
  const detail = ticketQuery(ticket.id).queryKey;
  if (queryClient.getQueryData(detail)) queryClient.setQueryData(detail, ticket);
  eachList(queryClient, (pages, filters) => {
    if (filters.search) return mapPages(pages, (other) => (other.id === ticket.id ? ticket : other));
    const others = mapPages(pages, (other) => (other.id === ticket.id ? null : other));
    return belongs(ticket, filters, userId) ? insertSorted(others, ticket, isBefore) : others;
  });
  invalidateSoon(queryClient, countsQuery.queryKey);
}

function dropTicket(queryClient: QueryClient, ticketId: number) {
  eachList(queryClient, (pages) => mapPages(pages, (ticket) => (ticket.id === ticketId ? null : ticket)));
  void queryClient.invalidateQueries({ queryKey: ticketQuery(ticketId).queryKey });
  invalidateSoon(queryClient, countsQuery.queryKey);
}

function putUnread(queryClient: QueryClient, ticketId: number, unread: number) {
  const change = (ticket: Ticket) => (ticket.id === ticketId && ticket.unread_count !== unread ? { ...ticket, unread_count: unread } : ticket);
  queryClient.setQueryData(ticketQuery(ticketId).queryKey, (old) => old && change(old));
  eachList(queryClient, (pages) => mapPages(pages, change));
  invalidateSoon(queryClient, countsQuery.queryKey);
}

/** The answer to a send: what a frame told of the message meanwhile is newer, and stays. */
export function addMessage(queryClient: QueryClient, message: Message) {
  const pages = message.ticket === null ? undefined : queryClient.getQueryData(messagesQuery(message.ticket).queryKey);
  if (!pages?.pages.some(({ results }) => results.some(({ id }) => id === message.id))) putMessage(queryClient, message);
}

/** The message as it is now, into its conversation if that is loaded. */
export function putMessage(queryClient: QueryClient, message: Message) {
  if (message.ticket === null) return;
  queryClient.setQueryData(messagesQuery(message.ticket).queryKey, (pages) => {
    if (!pages) return pages;
    let isThere = false;
    const updated = mapPages<Message>(pages, (other) => {
      if (other.id !== message.id) return other;
      isThere = true;
      return message;
    });
    return isThere ? updated : insertSorted<Message>(pages, message, isNewer);
  });
}

/** A contact's name stands in its tickets. */
function putContact(queryClient: QueryClient, contact: Schemas["TicketContact"]) {
  const change = (ticket: Ticket) => {
    if (ticket.contact.id !== contact.id) return ticket;
    const { id, name, phone, display_name } = contact;
    return { ...ticket, contact: { id, name, phone, display_name } };
  };
  eachList(queryClient, (pages) => mapPages(pages, change));
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ["tickets", "detail"] })) {
    queryClient.setQueryData(query.queryKey, (old: Ticket | undefined) => old && change(old));
  }
}

/** Conversations as they move: events of tickets/events.py. */
export function ticketsLive(queryClient: QueryClient, event: LiveEvent) {
  const { data, userId } = event;
  if (event.name === "schedule") return invalidateSoon(queryClient, SCHEDULES);
  if (event.name === "quickReply") return void queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey });
  if (event.name === "settings" && "connectionRouting" in event.data) return void queryClient.invalidateQueries({ queryKey: routingsQuery.queryKey });
  if (event.name === "queue") {
    void queryClient.invalidateQueries({ queryKey: routingsQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey }); // a queue's replies come and go with it, and with who belongs to it
    return void queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey });
  }
  if (event.name === "contact" && data.contact) return putContact(queryClient, data.contact as Schemas["TicketContact"]);
  if (event.name === "appMessage") {
    putTicket(queryClient, data.ticket as Ticket, userId);
    if (event.action === "create") hasSpoken((data.ticket as Ticket).id, (data.message as Message).author?.id ?? null);
    return putMessage(queryClient, data.message as Message);
  }
  if (event.name !== "ticket") return;
  if (event.action === "viewers" || event.action === "typing") return companyLive(event);
  if (event.action === "delete") return dropTicket(queryClient, data.ticketId as number);
  if (event.action === "updateUnread") return putUnread(queryClient, data.ticketId as number, data.unread as number);
  if (data.ticket) putTicket(queryClient, data.ticket as Ticket, userId);
}
