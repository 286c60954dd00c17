import { Button, NumberInput, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { WeekdayChips } from "@/components/weekday-chips";
import { formatCount } from "@/lib/format";
import { type Pacing, pacingQuery, useSavePacing } from "../api/pacing";
import classes from "./pacing.module.css";

/** What users of unofficial gateways report that a new number survives: from this day so many a day, for two weeks. */
const usualRamp = [[0, 50], [2, 100], [4, 250], [7, 500], [10, 1000]];
const RAMP_DAYS = 14;
const fields = ["per_hour", "per_day", "gap_min", "gap_max", "rest_every", "rest_min", "rest_max", "opens", "closes", "weekdays", "warm_up", "warm_up_days", "rests_below"] as const;
type Field = (typeof fields)[number];

export function PacingPanel({ connectionId, mayManage }: { connectionId: number; mayManage: boolean }) {
  const { data } = useQuery(pacingQuery(connectionId));
  return data ? <PacingForm key={connectionId} connectionId={connectionId} pacing={data} mayManage={mayManage} /> : null;
}

/** How fast the number writes first, and when. Agents never wait for it. */
function PacingForm({ connectionId, pacing, mayManage }: { connectionId: number; pacing: Pacing; mayManage: boolean }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [said, setSaid] = useState(pacing);
  const save = useSavePacing(connectionId);
  const put = (part: Partial<Pacing>) => setSaid((now) => ({ ...now, ...part }));
  const about = (field: Field) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !fields.some(about);
  const hasWindow = Boolean(said.opens ?? said.closes) || Boolean(said.weekdays?.length);
  const isHuman = Boolean(said.gap_max) || Boolean(said.rest_every);
  const ramp = said.warm_up ?? [];
  const wrongRamp = about("warm_up") ?? about("warm_up_days");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...said, opens: said.opens || null, closes: said.closes || null }, { onSuccess: (kept) => { setSaid(kept); notifications.show({ message: t("common.saved") }); } });
  };
  const number = (field: Exclude<Field, "opens" | "closes" | "weekdays" | "warm_up">, suffix?: string) => (
    <NumberInput min={0} allowDecimal={field.startsWith("gap") || field.startsWith("rest_m")} label={t(`linking.pacing.${field}`)} placeholder={t("linking.pacing.noLimit")} suffix={suffix} disabled={!mayManage} value={said[field] ?? ""} error={about(field)} onChange={(value) => put({ [field]: value === "" ? null : Number(value) })} />
  );
  return (
    <Card className={classes.card}>
      <form onSubmit={submit} className={classes.form}>
        <h2>{t("linking.pacing.title")}</h2>
        <p className={classes.quiet}>{t("linking.pacing.text")}</p>
        {isElsewhere && <FormError>{words(save.error)}</FormError>}
        <div className={classes.pair}>{number("per_hour")}{number("per_day")}</div>
        <Switch label={t("linking.pacing.counts_agents")} description={t("linking.pacing.countsAgentsText")} disabled={!mayManage} checked={said.counts_agents ?? false} onChange={(event) => put({ counts_agents: event.currentTarget.checked })} />
        <Switch label={t("linking.pacing.window")} description={t("linking.pacing.windowText")} disabled={!mayManage} checked={hasWindow} onChange={(event) => put(event.currentTarget.checked ? { opens: "08:00", closes: "18:00", weekdays: [0, 1, 2, 3, 4] } : { opens: null, closes: null, weekdays: [] })} />
        {hasWindow && (
          <>
            <div className={classes.pair}>
              <TextInput type="time" label={t("linking.pacing.opens")} disabled={!mayManage} value={said.opens ?? ""} error={about("opens")} onChange={(event) => put({ opens: event.currentTarget.value })} />
              <TextInput type="time" label={t("linking.pacing.closes")} disabled={!mayManage} value={said.closes ?? ""} error={about("closes")} onChange={(event) => put({ closes: event.currentTarget.value })} />
            </div>
            <WeekdayChips label={t("linking.pacing.weekdays")} value={said.weekdays ?? []} error={about("weekdays")} disabled={!mayManage} onChange={(weekdays) => put({ weekdays })} />
          </>
        )}
        <Switch label={t("linking.pacing.human")} description={t("linking.pacing.humanText")} disabled={!mayManage} checked={isHuman} onChange={(event) => put(event.currentTarget.checked ? { gap_min: 8, gap_max: 25, rest_every: 30, rest_min: 120, rest_max: 300 } : { gap_min: null, gap_max: null, rest_every: null, rest_min: null, rest_max: null })} />
        {isHuman && (
          <>
            <div className={classes.pair}>{number("gap_min", " s")}{number("gap_max", " s")}</div>
            <div className={classes.three}>{number("rest_every")}{number("rest_min", " s")}{number("rest_max", " s")}</div>
          </>
        )}
        <Switch label={t("linking.pacing.ramp")} description={t("linking.pacing.rampText")} disabled={!mayManage} checked={ramp.length > 0} onChange={(event) => put(event.currentTarget.checked ? { warm_up: usualRamp, warm_up_days: RAMP_DAYS } : { warm_up: [], warm_up_days: null })} />
        {ramp.length > 0 && (
          <ol className={classes.ramp} aria-label={t("linking.pacing.ramp")}>
            {ramp.map(([day = 0, most = 0], place) => (
              <li key={day}><NumberInput size="xs" min={1} allowDecimal={false} disabled={!mayManage} label={t("linking.pacing.fromDay", { day: formatCount(day + 1, i18n.language) })} value={most} onChange={(value) => put({ warm_up: ramp.map((step, other) => (other === place ? [day, Number(value) || 1] : step)) })} /></li>
            ))}
          </ol>
        )}
        {wrongRamp && <FormError>{wrongRamp}</FormError>}
        <NumberInput min={0} max={100} allowDecimal={false} label={t("linking.pacing.rests_below")} description={t("linking.pacing.restsBelowText")} disabled={!mayManage} value={said.rests_below ?? ""} error={about("rests_below")} onChange={(value) => put({ rests_below: value === "" ? null : Number(value) })} />
        {mayManage && <div className={classes.foot}><Button type="submit" loading={save.isPending} disabled={said === pacing}>{t("common.save")}</Button></div>}
      </form>
    </Card>
  );
}
