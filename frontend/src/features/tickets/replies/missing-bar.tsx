import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useVariableWords } from "@/components/variable-text";
import { piecesOf } from "@/lib/template";
import classes from "./replies.module.css";

/** The variables that still stand in a text: nobody should send “Hello {{first_name}}”. */
export const missingIn = (text: string) => [...new Set(piecesOf(text).flatMap(({ variable }) => (variable ? [variable] : [])))];

/** What has no value in this conversation. A click selects its place in the text. */
export function MissingBar({ names, onPoint }: { names: string[]; onPoint: (name: string) => void }) {
  const { t } = useTranslation();
  const word = useVariableWords();
  return (
    <div className={classes.missing} role="alert">
      <IconAlertTriangle size={16} stroke={1.8} />
      <span>{t("tickets.replies.missing", { count: names.length })}</span>
      {names.map((name) => <button key={name} type="button" className={classes.gap} onClick={() => onPoint(name)}>{word(name)}</button>)}
    </div>
  );
}
