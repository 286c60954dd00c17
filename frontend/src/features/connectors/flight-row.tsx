import { Badge } from "@mantine/core";
import { IconArrowDownLeft, IconArrowUpRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatSeconds, formatShortDay } from "@/lib/format";
import { type Flight, flightQuery } from "./api/list-flights";
import classes from "./flights.module.css";

type Props = { flight: Flight; isOpen: boolean; onToggle: () => void; connection: string };

export function FlightRow({ flight, isOpen, onToggle, connection }: Props) {
  const { t, i18n } = useTranslation();
  const isIn = flight.direction === "in";
  const Arrow = isIn ? IconArrowDownLeft : IconArrowUpRight;
  const hasFailed = Boolean(flight.error) || (flight.http_status ?? 0) >= 400;
  return (
    <>
      <button type="button" className={classes.row} aria-expanded={isOpen} onClick={onToggle}>
        <Arrow size={18} stroke={1.7} className={isIn ? undefined : classes.out} role="img" aria-label={t(isIn ? "connectors.flights.in" : "connectors.flights.out")} />
        <span className="tabular">{formatShortDay(flight.created_at, i18n.language)} {formatSeconds(flight.created_at, i18n.language)}</span>
        <span className="ellipsis">
          {flight.kind} · {connection}
          <span className={`${classes.id} ellipsis`}> {flight.external_id || flight.our_id}</span>
        </span>
        {hasFailed ? <Badge color="red">{flight.http_status ?? t("connectors.flights.failed")}</Badge> : <Badge color="gray">{flight.http_status ?? t("connectors.flights.ok")}</Badge>}
      </button>
      {isOpen && <Detail flight={flight} />}
    </>
  );
}

const steps = ["received_at", "parsed_at", "applied_at", "pushed_at", "sent_at", "answered_at"] as const;

const pretty = (text: string) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

function Detail({ flight }: { flight: Flight }) {
  const { t, i18n } = useTranslation();
  const body = useQuery(flightQuery(flight.id)).data?.body;
  const times = steps.flatMap((step) => (flight[step] ? [{ step, at: flight[step] }] : []));
  const start = times[0] ? Date.parse(times[0].at) : 0;
  const texts = [["body", body], ["request", flight.request], ["response", flight.response]] as const;
  return (
    <div className={classes.detail}>
      <ol className={classes.steps}>
        {times.map(({ step, at }) => (
          <li key={step}>
            <strong>{t(`connectors.flights.step.${step}`)}</strong>
            <small className="tabular">{formatSeconds(at, i18n.language)} · +{Date.parse(at) - start} ms</small>
          </li>
        ))}
      </ol>
      {flight.error && <div className={classes.bad}>{flight.error}</div>}
      {texts.map(([name, text]) => text && (
        <div key={name}>
          <div className={classes.label}>{t(`connectors.flights.${name}`)}</div>
          <pre className={classes.code} tabIndex={0}>{pretty(text)}</pre>
        </div>
      ))}
    </div>
  );
}
