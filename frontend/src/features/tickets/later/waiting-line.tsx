import { ActionIcon } from "@mantine/core";
import { IconCalendarClock, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay, useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import { formatShortIn } from "@/lib/zones";
import classes from "./later.module.css";
import { useCallOff, waitingQuery } from "./schedules";

/** What will be sent in this conversation, above the place to write. */
export function WaitingLine({ ticketId }: { ticketId: number }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const zone = useSession().company.timezone;
  const toast = useErrorToast();
  const callOff = useCallOff();
  const { data: waiting = [] } = useQuery({ ...waitingQuery(ticketId), enabled: may("schedule.read") });
  if (!waiting.length) return null;
  return (
    <ul className={classes.waiting} aria-label={t("tickets.later.waiting")}>
      {waiting.map(({ id, body, due_at: dueAt, media, template, repeats }) => (
        <li key={id} className={classes.line}>
          <IconCalendarClock size={15} stroke={1.8} aria-hidden />
          <Link to={`/schedules/${id}`} className={classes.when}>{dueAt && formatShortIn(zone, dueAt, i18n.language)}{repeats !== "never" && ` · ${t(`tickets.later.rhythm.${repeats}`)}`}</Link>
          <span className="ellipsis">{body || template?.name || media?.filename}</span>
          <ActionIcon size={22} className={classes.off} aria-label={t("tickets.later.callOff")} loading={callOff.isPending && callOff.variables === id} onClick={() => callOff.mutate(id, { onError: toast })}><IconX size={14} stroke={2} /></ActionIcon>
        </li>
      ))}
    </ul>
  );
}
