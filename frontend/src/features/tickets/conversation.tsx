import { ActionIcon } from "@mantine/core";
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
import { messagesQuery } from "./api/list-messages";
import type { Ticket } from "./api/list-tickets";
import { useReadTicket } from "./api/read-ticket";
import { useRetryMessage } from "./api/retry-message";
import { Bubble } from "./bubble";
import { ConversationFoot } from "./conversation-foot";
import { ConversationHeader } from "./conversation-header";
import classes from "./conversation.module.css";
import { DayLabel } from "./day-label";
import { useOutbox } from "./outbox";
import { OutgoingBubble } from "./outgoing-bubble";
import { isJoined, type Line, linesOf } from "./stream";
import { useAnchor } from "./use-anchor";

export function Conversation({ ticket, onTogglePanel }: { ticket: Ticket; onTogglePanel: () => void }) {
  const history = useInfiniteQuery(messagesQuery(ticket.id));
  useTicketRoom(ticket.id);
  useReadTicket(ticket);
  return (
    <section className={classes.conversation} aria-label={ticket.contact.display_name}>
      <ConversationHeader ticket={ticket} onTogglePanel={onTogglePanel} />
      <div className={classes.stream}>
        {history.isError && !history.data && <ErrorState fill error={history.error} onRetry={() => void history.refetch()} />}
        {history.data && <Stream ticket={ticket} />}
      </div>
      <ConversationFoot ticket={ticket} />
    </section>
  );
}

function Stream({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { user } = useSession();
  const list = useRef<VirtuosoHandle>(null);
  const [isAtBottom, setIsAtBottom] = useState(true);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(messagesQuery(ticket.id));
  const outbox = useOutbox();
  const lines = useMemo(() => linesOf(flat(data), outbox.filter((item) => item.ticketId === ticket.id), user.id), [data, outbox, ticket.id, user.id]);
  const quotes = useMemo(() => new Map(lines.flatMap(({ message }) => (message?.external_id ? [[message.external_id, message.body] as const] : []))), [lines]);
  const anchor = useAnchor(lines);
  const retry = useRetryMessage();
  const { mutate } = retry;
  const onRetry = useMemo(() => (messageId: number) => mutate(messageId, { onError: toast }), [mutate, toast]);

  const show = (index: number) => {
    const at = index - anchor.first;
    const line = anchor.lines[at];
    if (!line) return <div className={classes.spacer} />;
    const above: Line | undefined = anchor.lines[at - 1];
    const joins = { isJoinedAbove: isJoined(above, line), isJoinedBelow: isJoined(line, anchor.lines[at + 1]) };
    return (
      <>
        {(!above || !isSameDay(above.at, line.at)) && <DayLabel at={line.at} />}
        {line.message ? <Bubble message={line.message} quoted={quotes.get(line.message.reply_to ?? "") ?? ""} onRetry={onRetry} {...joins} /> : <OutgoingBubble outgoing={line.outgoing} {...joins} />}
      </>
    );
  };

  return (
    <>
      <Virtuoso
        ref={list}
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
