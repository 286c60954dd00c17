import { ActionIcon, Button, Drawer } from "@mantine/core";
import { IconCalendarOff, IconCalendarPlus, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import type { Schemas } from "@/api/client";
import { useMay, useSession } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { Page } from "@/components/page";
import { useNow } from "@/lib/use-now";
import { wallTimeIn } from "@/lib/zones";
import classes from "./later.module.css";
import { NewScheduleDialog } from "./new-dialog";
import { OneSchedule } from "./one-schedule";
import { calendarQuery } from "./schedules";

type Occurrence = Schemas["Occurrence"];
const DAY = 86_400_000;
const WEEKS = 6;

/** The Mondays' month: six weeks from the Monday before its first day, as days of the calendar (UTC midnights stand for them). */
function daysOf(month: string) {
  const first = Date.parse(`${month}-01T00:00Z`);
  const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY;
  return Array.from({ length: 7 * WEEKS }, (_, place) => new Date(monday + place * DAY).toISOString().slice(0, 10));
}

const moved = (month: string, by: number) => {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
};

/** What goes when: a month of scheduled messages; on phones its days that have some. */
export function Component() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const chosen = Number(useParams().scheduleId) || null;
  const zone = useSession().company.timezone;
  const today = wallTimeIn(zone, useNow()).slice(0, 10);
  const may = useMay();
  const [isWriting, setIsWriting] = useState(false);
  const [month, setMonth] = useState(today.slice(0, 7));
  const show = ({ due_at }: Schemas["Schedule"]) => {
    setIsWriting(false);
    if (due_at) setMonth(wallTimeIn(zone, due_at).slice(0, 7));
  };
  const days = daysOf(month);
  // A day more on either side: a day of the company's clocks begins elsewhere than UTC's.
  const start = new Date(Date.parse(`${days[0]}T00:00Z`) - DAY).toISOString();
  const end = new Date(Date.parse(`${days.at(-1)}T00:00Z`) + 2 * DAY).toISOString();
  const { data, isError, error, refetch } = useQuery({ ...calendarQuery(start, end), placeholderData: keepPreviousData });
  const byDay = new Map<string, Occurrence[]>();
  for (const one of data?.occurrences ?? []) {
    const day = wallTimeIn(zone, one.at).slice(0, 10);
    byDay.set(day, [...(byDay.get(day) ?? []), one]);
  }
  const isEmpty = data !== undefined && days.every((day) => !day.startsWith(month) || !byDay.has(day));
  const heading = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(`${month}-01T00:00Z`));
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  return (
    <Page title={t("tickets.later.page")} sub={t("tickets.later.sub")} actions={may("schedule.write") && <Button leftSection={<IconCalendarPlus size={16} stroke={1.8} />} onClick={() => setIsWriting(true)}>{t("tickets.later.new")}</Button>}>
      <div className={classes.bar}>
        <ActionIcon variant="default" aria-label={t("tickets.later.before")} onClick={() => setMonth(moved(month, -1))}><IconChevronLeft size={16} /></ActionIcon>
        <h2 className={classes.month}>{heading}</h2>
        <ActionIcon variant="default" aria-label={t("tickets.later.after")} onClick={() => setMonth(moved(month, 1))}><IconChevronRight size={16} /></ActionIcon>
        {!today.startsWith(month) && <Button size="compact-sm" variant="default" onClick={() => setMonth(today.slice(0, 7))}>{t("tickets.later.today")}</Button>}
      </div>
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isEmpty && <EmptyState icon={IconCalendarOff} title={t("tickets.later.empty")} text={t("tickets.later.emptyText")} />}
      {data && !data.is_complete && <p className={classes.quiet} role="status">{t("tickets.later.incomplete")}</p>}
      {!isEmpty && <div className={classes.grid}>
        {days.slice(0, 7).map((day) => <div key={day} className={classes.head}>{weekday.format(Date.parse(`${day}T00:00Z`))}</div>)}
        {days.map((day) => {
          const here = byDay.get(day) ?? [];
          return (
            <div key={day} className={classes.day} data-other={!day.startsWith(month) || undefined} data-today={day === today || undefined} data-empty={here.length === 0 || undefined}>
              <time className={classes.number} dateTime={day}>{new Intl.DateTimeFormat(i18n.language, { day: "numeric", timeZone: "UTC" }).format(Date.parse(`${day}T00:00Z`))}</time>
              {here.map(({ at, state, schedule }) => (
                <button key={`${schedule.id}-${at}`} type="button" className={`${classes.chip} ellipsis`} data-state={state} onClick={() => navigate(`/schedules/${schedule.id}`)}>
                  <span className="tabular">{wallTimeIn(zone, at).slice(11)}</span> {schedule.contact.display_name}
                </button>
              ))}
            </div>
          );
        })}
      </div>}
      <Drawer opened={chosen !== null} onClose={() => navigate("/schedules")} position="right" title={t("tickets.later.one")} closeButtonProps={{ "aria-label": t("common.close") }}>
        {chosen !== null && <OneSchedule id={chosen} />}
      </Drawer>
      {isWriting && <NewScheduleDialog onClose={() => setIsWriting(false)} onScheduled={show} />}
    </Page>
  );
}
