import { Badge, Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatDateTime } from "@/lib/format";
import type { Job } from "./api/jobs";
import classes from "./jobs.module.css";

const colors = { waiting: "gray", in_flight: "blue", done: "teal", failed: "red", unknown: "yellow" } as const;
type Props = { job: Job; isBusy: boolean; onRetry: () => void };

/** One piece of work: what it is about, how it did and why, and once more. */
export function JobRow({ job, isBusy, onRetry }: Props) {
  const { t, i18n } = useTranslation();
  const { subject, path, reason, error_text: said, attempts, created_at: at, kind, state, can_retry: canRetry } = job;
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <div className={classes.head}>
          {path ? <Link to={path} className={classes.subject}>{subject}</Link> : <span className={classes.subject}>{subject}</span>}
          <Badge color={colors[state]}>{t(`reports.jobs.state.${state}`)}</Badge>
        </div>
        <div className={classes.meta}>
          {t(`reports.jobs.kind.${kind as "message"}`)}
          {at && <> · <span className="tabular">{formatDateTime(at, i18n.language)}</span></>}
          {attempts > 1 && <> · {t("reports.jobs.attempts", { count: attempts })}</>}
        </div>
        {reason && <p className={classes.reason}>{reason}</p>}
        {said && said !== reason && <code className={classes.said}>{said}</code>}
      </div>
      {canRetry && <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={14} stroke={1.8} />} aria-label={t("reports.jobs.retryOne", { subject, interpolation: { escapeValue: false } })} loading={isBusy} onClick={onRetry}>{t("reports.jobs.retry")}</Button>}
    </li>
  );
}
