import { Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowDown } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { flat } from "@/api/page";
import { useSession } from "@/api/session";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { isSameDay } from "@/lib/format";
import { useTicketRoom } from "@/lib/live-context";
import { findQuoted } from "./api/find-messages";
import { type Message, messagesQuery } from "./api/list-messages";
import type { Ticket } from "./api/list-tickets";
import { useReact } from "./api/react";
import { useReadTicket } from "./api/read-ticket";
import { useRetryMessage } from "./api/retry-message";
import { Bubble, type BubbleDeeds } from "./bubble";
import { ConversationFoot } from "./conversation-foot";
import { ConversationHeader } from "./conversation-header";
import classes from "./conversation.module.css";
import { DayLabel } from "./day-label";
import { FindBar } from "./finding/find-bar";
import { FindContext } from "./finding/marked";
import { useJump } from "./finding/use-jump";
import { nameOf } from "./name-of";
import { useOutbox } from "./outbox";
import { OutgoingBubble } from "./outgoing-bubble";
import { CustomerContext } from "./quote";
import { isJoined, type Line, linesOf } from "./stream";
import { useAnchor } from "./use-anchor";
import { useComposing } from "./use-composing";
import { useMissed } from "./use-missed";
import { useSteadyBottom } from "./use-steady-bottom";

export function Conversation({ ticket, onTogglePanel }: { ticket: Ticket; onTogglePanel: () => void }) {
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const history = useInfiniteQuery(messagesQuery(ticket.id));
  const [isFinding, setIsFinding] = useState(false);
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState<{ id: number } | null>(null);
  const stopFinding = () => {
    setIsFinding(false);
    setWords("");
  };
  useTicketRoom(ticket.id);
  useReadTicket(ticket);
  return (
    <CustomerContext value={nameOf(ticket)}>
    <FindContext value={isFinding ? words.trim() : ""}>
      <section className={classes.conversation} aria-label={ticket.contact.display_name}>
        <ConversationHeader ticket={ticket} onTogglePanel={onTogglePanel} onFind={() => setIsFinding(true)} />
        {isFinding && <FindBar ticketId={ticket.id} words={words} onWords={setWords} onJump={(id) => setAsked({ id })} onClose={stopFinding} />}
        <div className={classes.stream}>
          {history.isError && !history.data && <ErrorState fill error={history.error} onRetry={() => void history.refetch()} />}
          {history.data && <Stream ticket={ticket} asked={asked} onReply={setReplyTo} />}
        </div>
        <ConversationFoot ticket={ticket} replyTo={replyTo} onReplied={() => setReplyTo(null)} />
      </section>
    </FindContext>
    </CustomerContext>
  );
}

/** `asked`: a message to be shown, a new object each time somebody asks. */
type StreamProps = { ticket: Ticket; asked: { id: number } | null; onReply: (message: Message) => void };

function Stream({ ticket, asked, onReply }: StreamProps) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { user } = useSession();
  const list = useRef<VirtuosoHandle>(null);
  const frame = useRef<HTMLElement | Window>(null);
  const [isAtBottom, setIsAtBottom] = useState(true);
  const history = useInfiniteQuery(messagesQuery(ticket.id));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = history;
  const outbox = useOutbox();
  const lines = useMemo(() => linesOf(flat(data), outbox.filter((item) => item.ticketId === ticket.id), user.id), [data, outbox, ticket.id, user.id]);
  const quotes = useMemo(() => new Map(lines.flatMap(({ message }) => (message?.external_id ? [[message.external_id, message] as const] : []))), [lines]);
  const anchor = useAnchor(lines);
  const { mayWrite, mayReact } = useComposing(ticket);
  const { mutate: retry } = useRetryMessage();
  const { mutate: react } = useReact();
  useSteadyBottom(list, frame);
  const missed = useMissed(anchor.lines, isAtBottom);
  const { jump, pointedAt, isSeeking } = useJump(list, anchor.lines, history);
  const [found, setFound] = useState(asked);
  if (found !== asked) {
    setFound(asked);
    if (asked) jump(asked.id);
  }
  const deeds = useMemo(
    (): BubbleDeeds => ({
      mayReply: mayWrite,
      mayReact,
      onReply,
      onRetry: (messageId) => retry(messageId, { onError: toast }),
      onReact: (messageId, emoji) => react({ messageId, emoji }, { onError: toast }),
      onJump: jump,
      onJumpToQuoted: (externalId) =>
        void findQuoted(ticket.contact.id, externalId).then((id) => (id === null ? notifications.show({ message: t("tickets.find.gone") }) : jump(id)), toast),
    }),
    // `jump` only sets state.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [mayWrite, mayReact, onReply, retry, react, toast],
  );

  const show = (index: number) => {
    const at = index - anchor.first;
    const line = anchor.lines[at];
    if (!line) return <div className={classes.spacer} />;
    const above: Line | undefined = anchor.lines[at - 1];
    const joins = { isJoinedAbove: isJoined(above, line), isJoinedBelow: isJoined(line, anchor.lines[at + 1]) };
    return (
      <>
        {(!above || !isSameDay(above.at, line.at)) && <DayLabel at={line.at} />}
        {line.message ? <Bubble message={line.message} quoted={quotes.get(line.message.reply_to ?? "")} isPointedAt={pointedAt === line.message.id} deeds={deeds} {...joins} /> : <OutgoingBubble outgoing={line.outgoing} {...joins} />}
      </>
    );
  };

  return (
    <>
      <Virtuoso
        ref={list}
        scrollerRef={(scroller) => { frame.current = scroller; }}
        className={classes.messages}
        data={anchor.lines}
        firstItemIndex={anchor.first}
        initialTopMostItemIndex={{ index: "LAST", align: "end" }}
        startReached={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        atBottomStateChange={setIsAtBottom}
        atBottomThreshold={80}
        alignToBottom
        defaultItemHeight={64}
        followOutput={(isDown) => (isDown ? "smooth" : false)}
        computeItemKey={(_, line) => line.key}
        increaseViewportBy={{ top: 600, bottom: 300 }}
        components={{ Header: hasNextPage ? LoadingEarlier : Spacer, Footer: Spacer }}
        itemContent={show}
      />
      {!isAtBottom && (
        <button type="button" className={classes.jump} data-missed={missed > 0 || undefined} aria-label={missed ? undefined : t("tickets.latest")} onClick={() => list.current?.scrollToIndex({ index: "LAST", align: "end", behavior: missed ? "auto" : "smooth" })}>
          {missed > 0 && t("tickets.newBelow", { count: missed })}
          <IconArrowDown size={18} stroke={1.8} />
        </button>
      )}
      {isSeeking && <div className={classes.seeking} role="status"><Loader size={12} color="currentColor" />{t("tickets.find.seeking")}</div>}
    </>
  );
}

function LoadingEarlier() {
  const { t } = useTranslation();
  return <div className={classes.loading}>{t("tickets.loadingEarlier")}</div>;
}

function Spacer() {
  return <div className={classes.spacer} />;
}
