import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { statsQuery } from "./api/get-campaign";
import { type Step, withGaps, withRoomBefore } from "./timeline-steps";
import classes from "./report.module.css";

const kinds = ["sent", "delivered", "read", "replied", "failed"] as const;
type Kind = (typeof kinds)[number];

const formats: Record<Step, Intl.DateTimeFormatOptions> = { minute: { timeStyle: "short" }, hour: { weekday: "short", hour: "numeric" }, day: { day: "numeric", month: "short" } };

/** What grew when: a column for each minute, hour or day. */
export function Timeline({ campaignId }: { campaignId: number }) {
  const { t, i18n } = useTranslation();
  const [kind, setKind] = useState<Kind>("sent");
  const timeline = useQuery(statsQuery(campaignId)).data?.timeline;
  if (!timeline?.points.length) return null;
  const points = withRoomBefore(withGaps(timeline.points.map((point) => ({ at: new Date(point.at), amount: point[kind] })), timeline.step), timeline.step);
  const most = Math.max(1, ...points.map(({ amount }) => amount));
  const words = new Intl.DateTimeFormat(i18n.language, formats[timeline.step]);
  const marks = [points[0], points[Math.floor(points.length / 2)], points[points.length - 1]].filter((point, place, all) => point && all.indexOf(point) === place);
  return (
    <Card className={classes.section}>
      <div className={classes.timelineHead}>
        <h2>{t(`campaigns.timeline.${timeline.step}`)}</h2>
        <SegmentedControl size="xs" aria-label={t("campaigns.timeline.kind")} value={kind} onChange={(value) => setKind(kinds.find((known) => known === value) ?? "sent")} data={kinds.map((value) => ({ value, label: t(`campaigns.count.${value}`) }))} />
      </div>
      <div className={classes.columns} role="img" aria-label={t("campaigns.timeline.most", { count: most, formatted: formatCount(most, i18n.language) })} data-kind={kind}>
        {points.map(({ at, amount }) => <div key={at.getTime()} title={`${words.format(at)}: ${formatCount(amount, i18n.language)}`}><span style={{ height: `${(amount / most) * 100}%` }} /></div>)}
      </div>
      <div className={classes.marks}>{marks.map((point) => point && <span key={point.at.getTime()}>{words.format(point.at)}</span>)}</div>
      <p className={classes.quiet}>{t("campaigns.timeline.most", { count: most, formatted: formatCount(most, i18n.language) })}</p>
    </Card>
  );
}
