import { IconAlertCircle, IconArrowsExchange, IconCheck, IconChecks, IconClock, IconHelpCircle, IconLock, IconRobot, IconSpeakerphone, type Icon } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatTime } from "@/lib/format";
import { type Message } from "./api/list-messages";
import { eventOf } from "./event-of";
import { BubbleBody } from "./bubble-body";
import classes from "./bubble.module.css";
import { type Step, stepOf } from "./delivery";

export const tickOf: Record<Step, Icon> = { waiting: IconClock, unknown: IconHelpCircle, sent: IconCheck, failed: IconAlertCircle, delivered: IconChecks, read: IconChecks };

type Props = { message: Message; quoted: string; isJoinedAbove: boolean; isJoinedBelow: boolean; onRetry: (messageId: number) => void };

export const Bubble = memo(function Bubble({ message, quoted, isJoinedAbove, isJoinedBelow, onRetry }: Props) {
  const { t, i18n } = useTranslation();
  if (message.kind === "system") return <div className={classes.event}>{message.body}</div>;
  const event = eventOf(message);
  if (event) return <div className={classes.event}>{t(`tickets.event.${event}`, { name: message.author?.name ?? "", time: formatTime(message.occurred_at, i18n.language) })}</div>;
  const side = message.kind === "note" ? "note" : message.direction;
  const step = side === "out" ? stepOf(message.status) : undefined;
  return (
    <Frame side={side} isJoinedAbove={isJoinedAbove} isJoinedBelow={isJoinedBelow} at={message.occurred_at} step={step} head={isJoinedAbove ? null : <Head message={message} />}
      failure={(step === "failed" || step === "unknown") && (
        <>
          <span>{step === "unknown" ? t("tickets.unknownFate") : message.error_text || t("tickets.failed")}</span>
          {message.origin !== "campaign" && <button type="button" className={classes.link} onClick={() => onRetry(message.id)}>{t("common.retry")}</button>}
        </>
      )}>
      {quoted && <blockquote className={`${classes.quote} ellipsis`}>{quoted}</blockquote>}
      <BubbleBody message={message} />
    </Frame>
  );
});

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
  if (message.origin === "bot" || message.origin === "flow") return <><IconRobot size={12} stroke={2} />{t(`tickets.from_${message.origin}`)}</>;
  if (message.origin === "device") return <>{t("tickets.from_device")}</>;
  return null;
}

type FrameProps = { side: "in" | "out" | "note"; isJoinedAbove: boolean; isJoinedBelow: boolean; at: string; step?: Step; head?: ReactNode; failure?: ReactNode; children: ReactNode };

/** The bubble around any content, with its time and tick. */
export function Frame({ side, isJoinedAbove, isJoinedBelow, at, step, head, failure, children }: FrameProps) {
  const { t, i18n } = useTranslation();
  const Tick = step && tickOf[step];
  return (
    <article className={classes.row} data-side={side} data-joined={isJoinedAbove || undefined}>
      <div className={classes.column}>
        <div className={classes.bubble} data-tail={!isJoinedBelow || undefined} data-step={step}>
          {head && <div className={classes.head}>{head}</div>}
          {children}
          <span className={`${classes.meta} tabular`}>
            <time dateTime={at}>{formatTime(at, i18n.language)}</time>
            {Tick && <Tick size={15} stroke={1.8} className={classes.tick} data-step={step} role="img" aria-label={t(`tickets.step.${step}`)} />}
          </span>
        </div>
        {failure && <div className={classes.failure} role="alert">{failure}</div>}
      </div>
    </article>
  );
}
