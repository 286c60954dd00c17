import { useTranslation } from "react-i18next";
import { formatAgo, formatCount, formatDay, formatPercent } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { Health } from "../api/get-health";
import { limitOf } from "./findings";
import classes from "./health.module.css";

const qualities = ["GREEN", "YELLOW", "RED"] as const;
const known = ["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "RESTRICTED_ADD_PHONE_NUMBER_ACTION"] as const;

export function HealthFacts({ health, restrictions }: { health: Health; restrictions: Record<string, unknown>[] }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const number = (value: number) => formatCount(value, i18n.language);
  const quality = qualities.find((each) => each === health.quality.toUpperCase());
  const limit = limitOf(health.messaging_limit);
  const rows: [string, string][] = [
    [t("linking.health.roundTrip"), health.last_round_trip_at ? formatAgo(health.last_round_trip_at, i18n.language, now) : t("connectors.never")],
    [t("linking.health.quality"), t(quality ? `linking.health.qualityOf.${quality}` : "linking.health.qualityOf.none")],
    [t("linking.health.limit"), limit === null ? t("linking.health.limitUnknown") : limit === Infinity ? t("linking.health.limitNone") : t("linking.health.limitOf", { count: limit, shown: number(limit) })],
    [t("linking.health.throughput"), t("linking.health.perSecond", { count: health.messages_per_second, shown: number(health.messages_per_second) })],
    [t("linking.health.sent"), number(health.sent)],
    [t("linking.health.failed"), health.failure_rate === null ? number(health.failed) : `${number(health.failed)} (${formatPercent(health.failure_rate, i18n.language)})`],
    [t("linking.health.throttledCount"), number(health.throttled)],
    [t("linking.health.unknownCount"), number(health.unknown)],
  ];
  const typeOf = (restriction: Record<string, unknown>) => {
    const type = known.find((each) => each === restriction.type);
    return type ? t(`linking.health.restriction.${type}`) : String(restriction.type);
  };
  return (
    <>
      <dl className={classes.facts}>{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="tabular">{value}</dd></div>)}</dl>
      {restrictions.length > 0 && (
        <div className={classes.restrictions}>
          <h3>{t("linking.health.restrictions")}</h3>
          <ul>{restrictions.map((each, place) => <li key={place}>{typeOf(each)}{typeof each.until === "string" && ` · ${t("linking.health.until", { day: formatDay(each.until, i18n.language) })}`}</li>)}</ul>
        </div>
      )}
    </>
  );
}
