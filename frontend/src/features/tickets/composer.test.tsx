import { QueryClient } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { setLocale, startI18n } from "@/lib/i18n";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { SessionContext } from "@/api/session";
import { customFieldsQuery } from "@/api/lookups";
import { show as showBare } from "@/testing/render";
import { message, quickReply, session } from "@/testing/samples";
import { messagesQuery } from "./api/list-messages";
import { quickRepliesQuery } from "./api/list-quick-replies";
import { Composer } from "./composer";
import { keptDraft, openDrafts } from "./drafts";
import { putMessage } from "./live";

beforeAll(startI18n);
let client = new QueryClient();
beforeEach(() => {
  client = new QueryClient();
  openDrafts("1.7");
});
afterEach(() => {
  openDrafts("of nobody");
  localStorage.clear();
});
const show = (page: ReactNode, queryClient = client) => showBare(<SessionContext value={session}>{page}</SessionContext>, queryClient);

const NOW = Date.parse("2026-11-22T12:00:00Z");
const props = { ticketId: 1, now: NOW, closesAt: null, hasTemplates: true, kinds: ["text"], replyTo: null, onCancelReply: () => {}, onSay: () => {}, onTemplate: () => {}, onLater: () => {} };

test("Enter sends the reply and empties the box; Shift+Enter is a new line", async () => {
  const onSend = vi.fn();
  show(<Composer {...props} onSend={onSend} />);
  const box = screen.getByRole("textbox");

  await userEvent.type(box, "Hi!{Shift>}{Enter}{/Shift}See you Saturday{Enter}");

  expect(onSend.mock.calls).toEqual([["Hi!\nSee you Saturday", "message", []]]);
  expect(box).toHaveValue("");
});

test("a note goes as a note", async () => {
  const onSend = vi.fn();
  show(<Composer {...props} onSend={onSend} />);

  await userEvent.click(screen.getByText("Internal note"));
  await userEvent.type(screen.getByRole("textbox"), "She is a VIP{Enter}");

  expect(onSend.mock.calls).toEqual([["She is a VIP", "note", []]]);
});

test("outside the window it says why, and offers a template instead of a box", async () => {
  const onTemplate = vi.fn();
  show(<Composer {...props} closesAt="2026-11-22T11:59:00Z" onSend={() => {}} onTemplate={onTemplate} />);

  await userEvent.click(screen.getByRole("button", { name: "Send a template" }));

  expect(onTemplate).toHaveBeenCalledOnce();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByText(/has not written within the last 24 hours/)).toBeVisible();
});

test("what was typed waits for whoever comes back", async () => {
  const first = show(<Composer {...props} onSend={() => {}} />);
  await userEvent.type(screen.getByRole("textbox"), "Half a sent");
  first.unmount();
  show(<Composer {...props} onSend={() => {}} />);

  expect(screen.getByRole("textbox")).toHaveValue("Half a sent");
});

test("a slash opens the quick replies; the chosen one comes filled, and what has no value keeps it from being sent", async () => {
  const queryClient = new QueryClient();
  queryClient.setQueryData(quickRepliesQuery.queryKey, [quickReply({ id: 1, shortcut: "bye" }), quickReply({ id: 2, shortcut: "pix", title: "Pay by Pix" })]);
  queryClient.setQueryData(customFieldsQuery.queryKey, [{ id: 1, key: "plan", label: "Plan", kind: "text", choices: [], position: 0 }]);
  const asked: string[] = [];
  const fetching = vi.spyOn(globalThis, "fetch").mockImplementation((request) => {
    asked.push(new URL((request as Request).url).pathname);
    return Promise.resolve(Response.json({ body: "Hi Luiza, your {{custom.plan}} is ready", missing: ["custom.plan"], media: null }));
  });
  const onSend = vi.fn();
  show(<MemoryRouter><Composer {...props} onSend={onSend} /></MemoryRouter>, queryClient);
  const box = screen.getByLabelText("Write a message");

  await userEvent.type(box, "/p");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([expect.stringContaining("/pix")]);
  await userEvent.keyboard("{Enter}");
  await screen.findByDisplayValue("Hi Luiza, your {{custom.plan}} is ready");

  expect(asked).toEqual(["/api/v1/quick-replies/2/use/"]);
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(screen.getByRole("alert")).toHaveTextContent("Plan");
  expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  await userEvent.clear(box);
  await userEvent.type(box, "Hi Luiza, your Gold is ready{Enter}");
  expect(onSend.mock.calls).toEqual([["Hi Luiza, your Gold is ready", "message", []]]);
  fetching.mockRestore();
});

test("what the connection cannot carry is there, and says why", async () => {
  show(<Composer {...props} onSend={() => {}} />);

  await userEvent.click(screen.getByRole("button", { name: "Attach" }));

  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => [item.textContent, item.hasAttribute("data-disabled")])).toContainEqual(["LocationThis connection cannot send it", true]);
  expect(screen.getByRole("button", { name: "Record a voice message" })).toHaveAttribute("aria-disabled", "true");
});

test("a note that was begun comes back as a note, after a reload and to its own writer only", async () => {
  const first = show(<Composer {...props} onSend={() => {}} />);
  await userEvent.click(screen.getByText("Internal note"));
  await userEvent.type(screen.getByRole("textbox"), "Not for her eyes");
  first.unmount();
  openDrafts("1.8"); // writes what is open, as leaving the page does
  expect(keptDraft(1)).toBeUndefined();
  openDrafts("1.7");
  show(<Composer {...props} onSend={() => {}} />);

  expect(screen.getByRole("textbox", { name: "Only your team sees this" })).toHaveValue("Not for her eyes");
});

test("who was overtaken by a colleague is told once, and may send all the same", async () => {
  const onSend = vi.fn();
  client.setQueryData(messagesQuery(1).queryKey, { pages: [{ results: [], next: null }], pageParams: [undefined] });
  show(<Composer {...props} onSend={onSend} />);
  await userEvent.type(screen.getByRole("textbox"), "It costs 20");
  act(() => putMessage(client, message({ id: 9, author: { id: 8, name: "Bob", is_api_key: false }, body: "It costs 10", occurred_at: new Date(Date.now() + 1000).toISOString() })));

  await userEvent.keyboard("{Enter}");
  expect(onSend).not.toHaveBeenCalled();
  expect(screen.getByRole("alert")).toHaveTextContent("Bob answered while you were writing");
  await userEvent.click(screen.getByRole("button", { name: "Send anyway" }));

  expect(onSend.mock.calls).toEqual([["It costs 20", "message", []]]);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(keptDraft(1)).toBeUndefined();
});

test("it speaks Brazilian Portuguese", async () => {
  await setLocale("pt-BR");
  show(<Composer {...props} closesAt="2026-11-22T21:18:00Z" onSend={() => {}} />);

  expect(screen.getByRole("button", { name: "Enviar" })).toBeDisabled();
  expect(screen.getByText("A janela de resposta fecha em 9 h 18 min")).toBeInTheDocument();
  await setLocale("en");
});
