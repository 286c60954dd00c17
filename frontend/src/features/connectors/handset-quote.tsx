import { useTranslation } from "react-i18next";
import type { PhoneEntry } from "./api/play-customers";
import { gistOf } from "./phone-talk";
import classes from "./phone.module.css";

/** What is answered: above the answer, and above the text that is being written. */
export function HandsetQuote({ quoted, company }: { quoted: PhoneEntry; company: string }) {
  const { t } = useTranslation();
  return (
    <blockquote className={classes.quote}>
      <b className="ellipsis">{quoted.side === "customer" ? t("connectors.phone.you") : company}</b>
      <span className="ellipsis">{gistOf(quoted) || t("connectors.phone.file")}</span>
    </blockquote>
  );
}
