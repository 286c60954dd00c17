import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { customFieldsQuery } from "@/api/lookups";
import { piecesOf } from "@/lib/template";
import classes from "./variable-text.module.css";

const known = ["first_name", "name", "phone", "email", "agent", "agent_first_name", "protocol", "queue", "greeting", "company"] as const;
type Known = (typeof known)[number];
const isKnown = (name: string): name is Known => (known as readonly string[]).includes(name);
const CUSTOM = "custom.";

/** What a variable is called: the company's own fields by their label, one that nobody knows by its name. */
export function useVariableWords() {
  const { t } = useTranslation();
  const fields = useQuery(customFieldsQuery).data;
  return (name: string) => {
    if (isKnown(name)) return t(`common.variable.${name}`);
    const key = name.startsWith(CUSTOM) ? name.slice(CUSTOM.length) : "";
    return fields?.find((field) => field.key === key)?.label ?? (key || name);
  };
}

/** Everything that a quick reply may say: the contact's, the conversation's, and the company's own fields. */
export function useVariables() {
  const word = useVariableWords();
  const fields = useQuery(customFieldsQuery).data ?? [];
  return [...known, ...fields.map(({ key }) => CUSTOM + key)].map((name) => ({ name, word: word(name) }));
}

/** A text with its variables as marks that read like words. */
export function VariableText({ text }: { text: string }) {
  const word = useVariableWords();
  return piecesOf(text).map((piece, index) => (piece.variable ? <span key={index} className={classes.mark}>{word(piece.variable)}</span> : piece.text));
}
