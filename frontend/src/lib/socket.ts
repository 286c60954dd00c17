/**
 * One websocket that survives drops and says when it lost something.
 *
 * Every frame carries `seq` (its number in the company's log) and `prev` (the number of the frame sent on this socket before
 * it). When `prev` is not the last number seen here, frames were lost: ask `resume since` and drop everything until the gap is
 * filled in order. A new `epoch`, or a log shorter than what was seen, cannot be resumed: `onReload`.
 */
export type Frame = { event: string; seq: number; prev: number; data: Record<string, unknown> };
export type Link = "connecting" | "online" | "offline";

export type Said = { event: string; [detail: string]: unknown };

type Handlers = {
  ticket: () => Promise<string>;
  onFrame: (frame: Frame) => void;
  onReload: () => void;
  onLink: (link: Link) => void;
  onSignal?: (signal: Record<string, unknown>) => void;
};

type SocketLike = Pick<WebSocket, "send" | "close" | "readyState" | "onmessage" | "onclose" | "onerror" | "onopen">;

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const SILENCE = 40_000; // the server says `head` every 15 s
const OPEN = 1;

export class LiveSocket {
  private socket: SocketLike | null = null;
  private epoch: string | number | null = null;
  private last = -1;
  private resuming = false;
  private failures = 0;
  private isStopped = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly rooms = new Map<string, Said>();
  private readonly handlers: Handlers;
  private readonly open: (ticket: string) => SocketLike;

  constructor(handlers: Handlers, open: (ticket: string) => SocketLike = openAt) {
    this.handlers = handlers;
    this.open = open;
  }

  start() {
    this.isStopped = false;
    void this.connect();
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    this.drop();
  }

  /** Try now instead of waiting: the network is back, the tab is shown again. */
  nudge() {
    if (this.isStopped || this.socket) return;
    clearTimeout(this.retryTimer);
    void this.connect();
  }

  /** A message to the server, lost when there is no connection: only for what is worthless later (typing). */
  say(message: Said) {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Stay in a room over reconnects until the returned function is called. */
  join(join: Said, leave: Said) {
    const key = JSON.stringify(join);
    this.rooms.set(key, join);
    this.say(join);
    return () => {
      this.rooms.delete(key);
      this.say(leave);
    };
  }

  private async connect() {
    this.handlers.onLink("connecting");
    const ticket = await this.handlers.ticket().catch(() => null);
    if (this.isStopped) return;
    if (ticket === null) return this.retry();
    const socket = this.open(ticket);
    this.socket = socket;
    socket.onmessage = (message) => {
      if (this.socket === socket) this.receive(JSON.parse(String(message.data)) as Record<string, unknown>);
    };
    socket.onerror = () => {};
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
    this.watch();
  }

  private receive(frame: Record<string, unknown>) {
    this.watch();
    if (frame.event === "ready") return this.ready(frame.epoch as string | number, Number(frame.seq));
    if (frame.event === "head") return this.head(Number(frame.seq));
    if (frame.event === "reload") return this.restart(frame.epoch as string | number, Number(frame.seq));
    if (typeof frame.seq !== "number") return this.handlers.onSignal?.(frame);
    this.numbered(frame as unknown as Frame);
  }

  private ready(epoch: string | number, seq: number) {
    const isFirst = this.epoch === null;
    const isResumable = this.epoch === epoch && seq >= this.last;
    this.epoch = epoch;
    this.failures = 0;
    this.handlers.onLink("online");
    for (const join of this.rooms.values()) this.say(join);
    if (isFirst || !isResumable) return this.reload(seq);
    this.resume();
  }

  private restart(epoch: string | number, seq: number) {
    this.epoch = epoch;
    this.reload(seq);
  }

  /** Comes after whatever a resume was answered with: from here a gap is a new one. */
  private head(seq: number) {
    this.resuming = false;
    if (seq < this.last) this.reload(seq);
  }

  private numbered(frame: Frame) {
    if (frame.seq <= this.last) return;
    if (frame.prev > this.last) return this.resume();
    this.resuming = false;
    this.last = frame.seq;
    this.handlers.onFrame(frame);
  }

  private resume() {
    if (this.resuming) return;
    this.resuming = true;
    this.say({ event: "resume", since: this.last, epoch: this.epoch });
  }

  private reload(seq: number) {
    this.last = seq;
    this.resuming = false;
    this.handlers.onReload();
  }

  private watch() {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.lost(), SILENCE);
  }

  private drop() {
    const socket = this.socket;
    this.socket = null;
    this.resuming = false;
    socket?.close();
  }

  private lost() {
    clearTimeout(this.silenceTimer);
    this.drop();
    if (!this.isStopped) this.retry();
  }

  private retry() {
    this.handlers.onLink("offline");
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures);
    this.failures += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.connect(), longest / 2 + (Math.random() * longest) / 2);
  }
}

function openAt(ticket: string): SocketLike {
  const url = new URL("/ws/", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", ticket);
  return new WebSocket(url);
}
