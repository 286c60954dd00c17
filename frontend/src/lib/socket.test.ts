import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Frame, type Link, LiveSocket } from "./socket";

/** The server's end of the wire. */
class Wire {
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onopen = null;
  onerror = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.readyState = 3;
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }
  drops() {
    this.onclose?.({} as CloseEvent);
  }
}

const wires: Wire[] = [];
let heard: number[] = [];
let reloads = 0;
let links: Link[] = [];
let socket: LiveSocket;

const frame = (seq: number, prev: number): Frame => ({ event: "company-1-ticket", seq, prev, data: { action: "update" } });
const wire = () => wires.at(-1)!;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  wires.length = 0;
  [heard, reloads, links] = [[], 0, []];
  socket = new LiveSocket(
    { ticket: () => Promise.resolve("t"), onFrame: ({ seq }) => heard.push(seq), onReload: () => (reloads += 1), onLink: (link) => links.push(link) },
    () => {
      wires.push(new Wire());
      return wire() as unknown as WebSocket;
    },
  );
  socket.start();
  await settle();
  wire().says({ event: "ready", seq: 100, epoch: "e1" });
  reloads = 0; // the first `ready` loads what came before it
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

test("frames of others leave gaps in seq, not in prev, and ask nothing", () => {
  wire().says(frame(103, 100));
  wire().says(frame(110, 103));

  expect([heard, wire().sent]).toEqual([[103, 110], []]);
});

test("a hole is asked for once, filled in order, and nothing is applied twice", () => {
  wire().says(frame(103, 100));
  wire().says(frame(109, 106)); // 106 was lost
  wire().says(frame(112, 109));
  wire().says(frame(106, 103)); // the answer
  wire().says(frame(109, 106));
  wire().says(frame(112, 109));
  wire().says(frame(112, 109));

  expect(heard).toEqual([103, 106, 109, 112]);
  expect(wire().sent).toEqual([{ event: "resume", since: 103, epoch: "e1" }]);
});

test("after a drop it comes back, joins its rooms again and resumes from the last frame it saw", async () => {
  const leave = socket.join({ event: "joinChatBox", ticketId: 5 }, { event: "leaveChatBox", ticketId: 5 });
  wire().says(frame(103, 100));
  wire().drops();
  await vi.advanceTimersByTimeAsync(20_000);
  wire().says({ event: "ready", seq: 140, epoch: "e1" });
  wire().says(frame(141, 140)); // overtakes the answer: must wait for it
  wire().says(frame(120, 103));
  wire().says(frame(141, 120));

  expect([wires.length, reloads]).toEqual([2, 0]);
  expect(wire().sent).toEqual([{ event: "joinChatBox", ticketId: 5 }, { event: "resume", since: 103, epoch: "e1" }]);
  expect(heard).toEqual([103, 120, 141]);
  expect(links).toEqual(["connecting", "online", "offline", "connecting", "online"]);
  leave();
});

test("an empty answer does not block the next hole", async () => {
  wire().drops();
  await vi.advanceTimersByTimeAsync(20_000);
  wire().says({ event: "ready", seq: 100, epoch: "e1" });
  wire().says({ event: "head", seq: 130 });
  wire().says(frame(135, 131));

  expect(wire().sent.filter(({ event }) => event === "resume").length).toBe(2);
});

test.each([
  ["a new epoch", { event: "ready", seq: 500, epoch: "e2" }],
  ["a log shorter than what was seen", { event: "ready", seq: 7, epoch: "e1" }],
])("%s means: load everything anew, and count from there", async (_, ready) => {
  wire().drops();
  await vi.advanceTimersByTimeAsync(20_000);
  wire().says(ready);
  wire().says(frame(ready.seq + 1, ready.seq));

  expect([reloads, heard]).toEqual([1, [ready.seq + 1]]);
});

test("the server may refuse to resume", () => {
  wire().says(frame(109, 106));
  wire().says({ event: "reload", seq: 200, epoch: "e3" });
  wire().says(frame(201, 200));

  expect([reloads, heard]).toEqual([1, [201]]);
});

test("a server that falls silent is left for a new connection", async () => {
  await vi.advanceTimersByTimeAsync(60_000);

  expect(wires.length).toBeGreaterThan(1);
});
