import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatAgo, formatCount } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { Work } from "./api/jobs";
import classes from "./jobs.module.css";
import { depthsOf } from "./queues";

/** What waits in each of the queues, what is being done, and since when the oldest waits. */
export function QueueTable({ works }: { works: Work[] }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Card className={classes.queues}>
      <table className={classes.table}>
        <caption className={classes.caption}>{t("reports.jobs.queues")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("reports.jobs.queue")}</th>
            <th scope="col">{t("reports.jobs.waiting")}</th>
            <th scope="col">{t("reports.jobs.inFlight")}</th>
            <th scope="col">{t("reports.jobs.oldest")}</th>
            <th scope="col">{t("reports.jobs.failed")}</th>
          </tr>
        </thead>
        <tbody>
          {depthsOf(works).map(({ queue, waiting, inFlight, failed, oldestAt, works: busy }) => (
            <tr key={queue}>
              <th scope="row">
                {t(`reports.jobs.queueName.${queue}`)}
                <span className={classes.kinds}>{busy.length ? busy.map(({ kind }) => t(`reports.jobs.kinds.${kind as "message"}`)).join(", ") : t("reports.jobs.nothing")}</span>
              </th>
              <td className="tabular" data-label={t("reports.jobs.waiting")}>{count(waiting)}</td>
              <td className="tabular" data-label={t("reports.jobs.inFlight")}>{count(inFlight)}</td>
              <td data-label={t("reports.jobs.oldest")}>{oldestAt ? formatAgo(oldestAt, i18n.language, now) : "–"}</td>
              <td className="tabular" data-label={t("reports.jobs.failed")} data-bad={failed > 0 || undefined}>{count(failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
