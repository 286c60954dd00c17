import { ActionIcon } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { flat } from "@/api/page";
import { useSession } from "@/api/session";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { isSameDay } from "@/lib/format";
import { useTicketRoom } from "@/lib/live-context";
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
import { nameOf } from "./name-of";
import { useOutbox } from "./outbox";
import { OutgoingBubble } from "./outgoing-bubble";
import { CustomerContext } from "./quote";
import { isJoined, type Line, linesOf } from "./stream";
import { useAnchor } from "./use-anchor";
import { useComposing } from "./use-composing";
import { useSteadyBottom } from "./use-steady-bottom";

export function Conversation({ ticket, onTogglePanel }: { ticket: Ticket; onTogglePanel: () => void }) {
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const history = useInfiniteQuery(messagesQuery(ticket.id));
  useTicketRoom(ticket.id);
  useReadTicket(ticket);
  return (
    <CustomerContext value={nameOf(ticket)}>
      <section className={classes.conversation} aria-label={ticket.contact.display_name}>
        <ConversationHeader ticket={ticket} onTogglePanel={onTogglePanel} />
        <div className={classes.stream}>
          {history.isError && !history.data && <ErrorState fill error={history.error} onRetry={() => void history.refetch()} />}
          {history.data && <Stream ticket={ticket} onReply={setReplyTo} />}
        </div>
        <ConversationFoot ticket={ticket} replyTo={replyTo} onReplied={() => setReplyTo(null)} />
      </section>
    </CustomerContext>
  );
}

function Stream({ ticket, onReply }: { ticket: Ticket; onReply: (message: Message) => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { user } = useSession();
  const list = useRef<VirtuosoHandle>(null);
  const frame = useRef<HTMLElement | Window>(null);
  const [isAtBottom, setIsAtBottom] = useState(true);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(messagesQuery(ticket.id));
  const outbox = useOutbox();
  const lines = useMemo(() => linesOf(flat(data), outbox.filter((item) => item.ticketId === ticket.id), user.id), [data, outbox, ticket.id, user.id]);
  const quotes = useMemo(() => new Map(lines.flatMap(({ message }) => (message?.external_id ? [[message.external_id, message] as const] : []))), [lines]);
  const anchor = useAnchor(lines);
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const { mayWrite, mayReact } = useComposing(ticket);
  const { mutate: retry } = useRetryMessage();
  const { mutate: react } = useReact();
  useSteadyBottom(list, frame);
  const scrollTo = useEffectEvent((messageId: number) => {
    const index = anchor.lines.findIndex(({ message }) => message?.id === messageId);
    if (index >= 0) list.current?.scrollToIndex({ index, align: "center" });
  });
  useEffect(() => {
    if (pointedAt === null) return;
    scrollTo(pointedAt);
    const forget = setTimeout(() => setPointedAt(null), 2000);
    return () => clearTimeout(forget);
  }, [pointedAt]);
  const deeds = useMemo(
    (): BubbleDeeds => ({
      mayReply: mayWrite,
      mayReact,
      onReply,
      onRetry: (messageId) => retry(messageId, { onError: toast }),
      onReact: (messageId, emoji) => react({ messageId, emoji }, { onError: toast }),
      onJump: setPointedAt,
    }),
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
        <ActionIcon variant="default" radius={999} size={36} className={classes.jump} aria-label={t("tickets.latest")} onClick={() => list.current?.scrollToIndex({ index: "LAST", align: "end", behavior: "smooth" })}>
          <IconArrowDown size={18} stroke={1.8} />
        </ActionIcon>
      )}
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
