import { IconAlertCircle, IconArrowsExchange, IconCalendarClock, IconCheck, IconChecks, IconClock, IconHelpCircle, IconKey, IconLock, IconRobot, IconSpeakerphone, type Icon } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatTime } from "@/lib/format";
import { type Message } from "./api/list-messages";
import { BubbleBody } from "./bubble-body";
import { BubbleMenu } from "./bubble-menu";
import classes from "./bubble.module.css";
import { type Step, stepOf } from "./delivery";
import { eventOf } from "./event-of";
import { isEdited, isRevoked, reactionError, reactionsOf } from "./payload";
import { Quote } from "./quote";

export const tickOf: Record<Step, Icon> = { waiting: IconClock, unknown: IconHelpCircle, sent: IconCheck, failed: IconAlertCircle, delivered: IconChecks, read: IconChecks };

/** What a bubble may set in motion. */
export type BubbleDeeds = {
  mayReply: boolean;
  mayReact: boolean;
  onRetry: (messageId: number) => void;
  onReply: (message: Message) => void;
  onReact: (messageId: number, emoji: string) => void;
  onJump: (messageId: number) => void;
  onJumpToQuoted: (externalId: string) => void;
};
type Props = { message: Message; quoted: Message | undefined; isJoinedAbove: boolean; isJoinedBelow: boolean; isPointedAt: boolean; deeds: BubbleDeeds };

export const Bubble = memo(function Bubble({ message, quoted, isJoinedAbove, isJoinedBelow, isPointedAt, deeds }: Props) {
  const { t, i18n } = useTranslation();
  if (message.kind === "system") return <div className={classes.event}>{message.body}</div>;
  const event = eventOf(message);
  if (event) return <div className={classes.event}>{t(`tickets.event.${event}`, { name: message.author?.name ?? "", time: formatTime(message.occurred_at, i18n.language) })}</div>;
  const isGone = isRevoked(message);
  const side = message.kind === "note" ? "note" : message.direction;
  const step = side === "out" ? stepOf(message.status) : undefined;
  return (
    <Frame side={side} isJoinedAbove={isJoinedAbove} isJoinedBelow={isJoinedBelow} at={message.occurred_at} step={step} head={isJoinedAbove ? null : <Head message={message} />} isBare={message.kind === "sticker" && message.media?.state === "ready"} isPointedAt={isPointedAt}
      mark={isEdited(message.payload) && !isGone ? t("tickets.edited") : undefined} menu={!isGone && <BubbleMenu message={message} deeds={deeds} />} reactions={<Reactions message={message} />}
      failure={(step === "failed" || step === "unknown") && (
        <>
          <span>{step === "unknown" ? t("tickets.unknownFate") : message.error_text || t("tickets.failed")}</span>
          {message.error_href && <a className={classes.link} href={message.error_href} target="_blank" rel="noreferrer">{t("tickets.aboutError")}</a>}
          {message.origin !== "campaign" && <button type="button" className={classes.link} onClick={() => deeds.onRetry(message.id)}>{t("common.retry")}</button>}
        </>
      )}>
      {message.reply_to && !isGone && <Quote quoted={quoted} onJump={deeds.onJump} onSeek={() => deeds.onJumpToQuoted(message.reply_to)} />}
      {isGone ? <span className={`${classes.text} ${classes.odd}`}>{t("tickets.kind.revoke")}</span> : <BubbleBody content={message} />}
    </Frame>
  );
});

function Reactions({ message }: { message: Message }) {
  const reactions = reactionsOf(message.payload);
  const error = reactionError(message.payload);
  if (!reactions.length && !error) return null;
  return (
    <div className={classes.reactions}>
      {reactions.map(({ emoji, count }) => <span key={emoji} className={classes.reaction}>{emoji}{count > 1 && <span className="tabular">{count}</span>}</span>)}
      {error && <span className={classes.reactionError} role="alert">{error}</span>}
    </div>
  );
}

/** tickets.services: a transfer leaves a note that says to whom. */
function transferTarget(transfer: unknown) {
  const { user, queue } = (transfer ?? {}) as { user?: string; queue?: string };
  return user || queue;
}

/** Who speaks, when it is not simply the customer or the agent. */
function Head({ message }: { message: Message }) {
  const { t } = useTranslation();
  const to = transferTarget(message.payload.transfer);
  if (to) return <><IconArrowsExchange size={12} stroke={2} />{t("tickets.transferred", { to })}{message.author && ` · ${message.author.name}`}</>;
  if (message.kind === "note") return <><IconLock size={12} stroke={2} />{t("tickets.note")}{message.author && ` · ${message.author.name}`}</>;
  if (message.origin === "campaign") return <><IconSpeakerphone size={12} stroke={2} />{t("tickets.fromCampaign")}</>;
  if (message.origin === "schedule") return <><IconCalendarClock size={12} stroke={2} />{t("tickets.fromSchedule")}</>;
  if (message.origin === "bot" || message.origin === "flow") return <><IconRobot size={12} stroke={2} />{t(`tickets.from_${message.origin}`)}</>;
  if (message.author?.is_api_key) return <><IconKey size={12} stroke={2} />{t("tickets.fromKey", { name: message.author.name })}</>;
  if (message.origin === "device") return <>{t("tickets.from_device")}</>;
  return null;
}

type FrameProps = { side: "in" | "out" | "note"; isJoinedAbove: boolean; isJoinedBelow: boolean; at: string; step?: Step; head?: ReactNode; failure?: ReactNode; mark?: string; menu?: ReactNode; reactions?: ReactNode; isBare?: boolean; isPointedAt?: boolean; children: ReactNode };

/** The bubble around any content, with its time and tick. */
export function Frame({ side, isJoinedAbove, isJoinedBelow, at, step, head, failure, mark, menu, reactions, isBare, isPointedAt, children }: FrameProps) {
  const { t, i18n } = useTranslation();
  const Tick = step && tickOf[step];
  return (
    <article className={classes.row} data-side={side} data-joined={isJoinedAbove || undefined}>
      <div className={classes.column}>
        <div className={classes.bubble} data-tail={!isJoinedBelow || undefined} data-step={step} data-bare={isBare || undefined} data-pointed={isPointedAt || undefined}>
          {head && <div className={classes.head}>{head}</div>}
          {children}
          {menu}
          <span className={`${classes.meta} tabular`}>
            {mark && <span>{mark}</span>}
            <time dateTime={at}>{formatTime(at, i18n.language)}</time>
            {Tick && <Tick size={15} stroke={1.8} className={classes.tick} data-step={step} role="img" aria-label={t(`tickets.step.${step}`)} />}
          </span>
        </div>
        {reactions}
        {failure && <div className={classes.failure} role="alert">{failure}</div>}
      </div>
    </article>
  );
}
