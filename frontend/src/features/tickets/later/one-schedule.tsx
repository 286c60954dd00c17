import { Button, Group, Stack } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay, useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import { ErrorState } from "@/components/error-state";
import { fill } from "@/lib/template";
import { formatShortIn } from "@/lib/zones";
import { EditScheduleDialog } from "./edit-dialog";
import classes from "./later.module.css";
import { runsQuery, scheduleQuery, useCallOff } from "./schedules";

/** One of them: what it says, when it goes, what became of it; changed and called off here. */
export function OneSchedule({ id }: { id: number }) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const zone = useSession().company.timezone;
  const may = useMay();
  const callOff = useCallOff();
  const [isEditing, setIsEditing] = useState(false);
  const { data: schedule, isError, error, refetch } = useQuery(scheduleQuery(id));
  const { data: runs = [] } = useQuery(runsQuery(id));
  if (isError) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!schedule) return null;
  const { contact, connection, body, template, variables, media, due_at: dueAt, status, repeats, error_text: why, created_by: author, ticket } = schedule;
  return (
    <Stack gap="md">
      <p className={classes.text}>{template ? fill(template.body, variables as Record<string, string>) : body || media?.filename}</p>
      <dl className={classes.facts}>
        <dt>{t("tickets.later.to")}</dt><dd>{ticket ? <Link className={classes.when} to={`/inbox/${ticket}`}>{contact.display_name}</Link> : contact.display_name}</dd>
        <dt>{t("tickets.later.through")}</dt><dd>{connection.name}</dd>
        <dt>{t("tickets.later.state")}</dt><dd>{t(`tickets.later.status.${status}`)}{why && `: ${why}`}</dd>
        {dueAt && <><dt>{t("tickets.later.next")}</dt><dd>{formatShortIn(zone, dueAt, i18n.language)}</dd></>}
        <dt>{t("tickets.later.repeats")}</dt><dd>{t(`tickets.later.rhythm.${repeats}`)}</dd>
        {schedule.cancels_on_reply && <><dt>{t("tickets.later.rule")}</dt><dd>{t("tickets.later.cancelsOnReply")}</dd></>}
        {template && <><dt>{t("tickets.later.template")}</dt><dd>{template.name}</dd></>}
        {author && <><dt>{t("tickets.later.by")}</dt><dd>{author.name}</dd></>}
      </dl>
      {runs.length > 0 && (
        <ul className={classes.waiting} aria-label={t("tickets.later.runs")} style={{ margin: 0, maxHeight: "none" }}>
          {runs.map((run) => <li key={run.id} className={classes.line}><span className="tabular">{formatShortIn(zone, run.at, i18n.language)}</span><span>{run.error_text || t("tickets.later.status.finished")}</span></li>)}
        </ul>
      )}
      {may("schedule.write") && (status === "waiting" || status === "failed") && (
        <Group gap="xs">
          <Button variant="default" leftSection={<IconPencil size={16} stroke={1.7} />} onClick={() => setIsEditing(true)}>{t(status === "failed" ? "tickets.later.again" : "common.edit")}</Button>
          {status === "waiting" && <Button color="red" variant="default" loading={callOff.isPending} onClick={() => callOff.mutate(id, { onError: toast })}>{t("tickets.later.callOff")}</Button>}
        </Group>
      )}
      {isEditing && <EditScheduleDialog schedule={schedule} onClose={() => setIsEditing(false)} />}
    </Stack>
  );
}
