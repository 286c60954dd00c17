import type { Schemas } from "@/api/client";

export const ticket = (part: Partial<Schemas["Ticket"]> = {}): Schemas["Ticket"] => ({
  id: 1,
  protocol: "20261122-000001",
  status: "open",
  contact: { id: 10, name: "Luiza Farias", phone: "+5511984951526", display_name: "Luiza Farias" },
  connection: { id: 3, name: "Main number", provider: "simulator" },
  queue: null,
  assignee: { id: 7, name: "Ana Lima", is_api_key: false },
  last_message: null,
  tags: [],
  unread_count: 0,
  window_expires_at: null,
  last_message_at: "2026-11-22T12:00:00Z",
  last_inbound_at: null,
  created_at: "2026-11-22T11:00:00Z",
  accepted_at: null,
  closed_at: null,
  ...part,
});

export const message = (part: Partial<Schemas["Message"]> = {}): Schemas["Message"] => ({
  id: 1,
  ticket: 1,
  contact: 10,
  connection: 3,
  direction: "out",
  origin: "agent",
  author: { id: 7, name: "Ana Lima", is_api_key: false },
  kind: "text",
  body: "Hello",
  payload: {},
  media: null,
  reply_to: "",
  external_id: "",
  client_key: "",
  status: "queued",
  error_code: "",
  error_text: "",
  error_href: "",
  occurred_at: "2026-11-22T12:00:00Z",
  sent_at: null,
  delivered_at: null,
  read_at: null,
  ...part,
});

export const quickReply = (part: Partial<Schemas["QuickReply"]> = {}): Schemas["QuickReply"] => ({
  id: 1,
  shortcut: "hello",
  title: "Greeting",
  body: "Hello {{first_name|there}}",
  media: null,
  scope: "company",
  queue: null,
  owner: null,
  usage_count: 0,
  last_used_at: null,
  created_at: "2026-11-22T11:00:00Z",
  updated_at: "2026-11-22T11:00:00Z",
  ...part,
});

export const session: Schemas["Me"] = {
  user: { id: 7, name: "Ana Lima", role: "agent", avatar: null, is_active: true, email: "ana@acme.test", locale: "en", is_away: false, created_at: "2026-01-01T00:00:00Z" },
  company: { id: 1, slug: "acme", name: "Acme", timezone: "America/Sao_Paulo" },
  permissions: [],
};
