import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { setLocale, startI18n } from "@/lib/i18n";
import { show } from "@/testing/render";
import { Composer } from "./composer";
import { forgetDraft } from "./drafts";

beforeAll(startI18n);
afterEach(() => forgetDraft(1));

const NOW = Date.parse("2026-11-22T12:00:00Z");
const props = { ticketId: 1, now: NOW, closesAt: null, hasTemplates: true, kinds: ["text"], replyTo: null, onCancelReply: () => {}, onTemplate: () => {} };

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
  expect(screen.getByText(/More than 24 hours/)).toBeVisible();
});

test("what was typed waits for whoever comes back", async () => {
  const first = show(<Composer {...props} onSend={() => {}} />);
  await userEvent.type(screen.getByRole("textbox"), "Half a sent");
  first.unmount();
  show(<Composer {...props} onSend={() => {}} />);

  expect(screen.getByRole("textbox")).toHaveValue("Half a sent");
});

test("it speaks Brazilian Portuguese", async () => {
  await setLocale("pt-BR");
  show(<Composer {...props} closesAt="2026-11-22T21:18:00Z" onSend={() => {}} />);

  expect(screen.getByRole("button", { name: "Enviar" })).toBeDisabled();
  expect(screen.getByText("A janela de resposta fecha em 9 h 18 min")).toBeInTheDocument();
  await setLocale("en");
});
