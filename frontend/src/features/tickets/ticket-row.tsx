import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Dot } from "@/components/dot";
import { PersonAvatar } from "@/components/person-avatar";
import { formatRecent } from "@/lib/format";
import type { Ticket } from "./api/list-tickets";
import { tickOf } from "./bubble";
import { stepOf } from "./delivery";
import { useDraft } from "./drafts";
import { nameOf } from "./name-of";
import classes from "./ticket-list.module.css";

type Props = { ticket: Ticket; isSelected: boolean; now: number };

export const TicketRow = memo(function TicketRow({ ticket, isSelected, now }: Props) {
  const { t, i18n } = useTranslation();
  const last = ticket.last_message;
  const step = last?.direction === "out" && last.kind !== "note" ? stepOf(last.status) : undefined;
  const draft = useDraft(ticket.id);
  const Tick = step && tickOf[step];
  return (
    <Link to={`/inbox/${ticket.id}`} className={classes.row} data-selected={isSelected || undefined} data-unread={ticket.unread_count > 0 || undefined} aria-current={isSelected || undefined}>
      <PersonAvatar name={ticket.contact.display_name} size={40} />
      <div className={classes.body}>
        <div className={classes.line}>
          <span className={`${classes.name} ellipsis`}>{nameOf(ticket)}</span>
          <time className={`${classes.time} tabular`} dateTime={ticket.last_message_at}>{formatRecent(ticket.last_message_at, i18n.language, now)}</time>
        </div>
        <div className={classes.line}>
          <span className={`${classes.preview} ellipsis`}>
            {draft && !isSelected ? <><span className={classes.draft}>{t("tickets.draft")}</span> {draft.text || t("tickets.draftFiles", { count: draft.files })}</> : <>
            {Tick && <Tick size={15} stroke={1.8} className={classes.tick} data-step={step} role="img" aria-label={t(`tickets.step.${step}`)} />}
            {last ? last.body || t(`tickets.kind.${last.kind}`) : t("tickets.noMessages")}
            </>}
          </span>
          {ticket.unread_count > 0 && (
            <span className={`${classes.unread} tabular`}>
              <span aria-hidden>{ticket.unread_count}</span>
              <span className="visually-hidden">{t("tickets.unread", { count: ticket.unread_count })}</span>
            </span>
          )}
        </div>
        <div className={classes.line}>
          <span className={classes.meta}>
            <Dot color={ticket.queue?.color ?? "var(--mantine-color-dimmed)"}>{ticket.queue?.name ?? t("tickets.noQueue")}</Dot>
            <span className={`${classes.owner} ellipsis`}>{ticket.assignee?.name ?? t("tickets.nobody")}</span>
          </span>
        </div>
      </div>
    </Link>
  );
});
