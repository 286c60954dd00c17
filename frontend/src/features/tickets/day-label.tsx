import { useTranslation } from "react-i18next";
import { formatLongDay, isSameDay } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import classes from "./conversation.module.css";

const DAY = 86_400_000;

export function DayLabel({ at }: { at: string }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const label = isSameDay(at, now) ? t("tickets.today") : isSameDay(at, now - DAY) ? t("tickets.yesterday") : formatLongDay(at, i18n.language);
  return <div className={classes.day}><span>{label}</span></div>;
}
