import { Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatCount } from "@/lib/format";
import { scoreQuery } from "../api/get-score";
import { FINE_SCORE } from "./findings";
import classes from "./health.module.css";

/** How the number stands with those it writes to first, of 100, and what takes points from it. */
export function HealthScore({ connectionId }: { connectionId: number }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(scoreQuery(connectionId));
  if (!data) return null;
  const { score, attempted, failed, failure_points, answerable, unanswered, silence_points, rests_below } = data;
  const number = (value: number) => formatCount(value, i18n.language);
  const color = score === null ? "gray" : score < Math.max(rests_below, 1) ? "red" : score < FINE_SCORE ? "yellow" : "green";
  const rows: [string, string, number][] = [
    ["failed", t("linking.score.failed", { failed: number(failed), attempted: number(attempted) }), failure_points],
    ["silent", answerable > 0 ? t("linking.score.silent", { unanswered: number(unanswered), answerable: number(answerable) }) : t("linking.score.silentSoon"), silence_points],
  ];
  return (
    <section className={classes.score} aria-label={t("linking.score.title")}>
      <div className={classes.scoreHead}>
        <h3>{t("linking.score.title")}</h3>
        <span className="tabular">{score === null ? t("linking.score.none") : t("linking.score.of", { score: number(score) })}</span>
      </div>
      <Progress value={score ?? 0} color={color} aria-label={t("linking.score.title")} />
      {score === null ? (
        <p className={classes.quiet}>{t("linking.score.noneText", { attempted: number(attempted) })}</p>
      ) : (
        <ul className={classes.scoreRows}>
          {rows.map(([key, words, points]) => <li key={key}><span>{words}</span><span className="tabular">{points > 0 ? `−${number(points)}` : "0"}</span></li>)}
        </ul>
      )}
      <p className={classes.quiet}>{rests_below > 0 ? t("linking.score.rests", { least: number(rests_below) }) : t("linking.score.restsNever")}</p>
    </section>
  );
}
