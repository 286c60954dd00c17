import { Button, Textarea, TextInput } from "@mantine/core";
import { IconVariable } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { namesIn, nextVariable } from "./draft";
import classes from "./templates.module.css";

type Props = { label: string; description?: string; value: string; examples: Record<string, string>; most: number; mostVariables: number; error?: string; exampleError?: string; isLong?: boolean; onChange: (text: string, examples: Record<string, string>) => void };

/** A text with variables, and an example for each: Meta's reviewers read it with them. */
export function TextField({ label, description, value, examples, most, mostVariables, error, exampleError, isLong, onChange }: Props) {
  const { t } = useTranslation();
  const long = useRef<HTMLTextAreaElement>(null);
  const short = useRef<HTMLInputElement>(null);
  const names = namesIn(value);
  const insert = () => {
    const input = long.current ?? short.current;
    const [from, to] = [input?.selectionStart ?? value.length, input?.selectionEnd ?? value.length];
    const variable = nextVariable(value);
    onChange(value.slice(0, from) + variable + value.slice(to), examples);
    requestAnimationFrame(() => {
      input?.focus();
      input?.setSelectionRange(from + variable.length, from + variable.length);
    });
  };
  const shared = { label, description, value, error };
  return (
    <div className={classes.textField}>
      {isLong ? (
        <Textarea ref={long} autosize minRows={4} maxRows={14} {...shared} onChange={(event) => onChange(event.currentTarget.value, examples)} />
      ) : (
        <TextInput ref={short} {...shared} onChange={(event) => onChange(event.currentTarget.value, examples)} />
      )}
      <div className={classes.under}>
        {names.length < mostVariables ? <Button variant="subtle" size="compact-xs" leftSection={<IconVariable size={14} stroke={1.7} />} onClick={insert}>{t("templates.addVariable")}</Button> : <span />}
        <span className="tabular" data-over={value.length > most || undefined}>{value.length}/{most}</span>
      </div>
      {names.length > 0 && (
        <fieldset className={classes.examples}>
          <legend>{t("templates.examples")}</legend>
          {names.map((name, place) => (
            <TextInput key={name} size="xs" aria-label={t("templates.exampleOf", { name: `{{${name}}}` })} leftSection={<span className={classes.variable}>{`{{${name}}}`}</span>} leftSectionWidth={Math.max(48, name.length * 7 + 36)} placeholder={t("templates.exampleHint")} value={examples[name] ?? ""} error={exampleError && !examples[name]?.trim() ? (place === names.findIndex((each) => !examples[each]?.trim()) ? exampleError : true) : undefined} onChange={(event) => onChange(value, { ...examples, [name]: event.currentTarget.value })} />
          ))}
        </fieldset>
      )}
    </div>
  );
}
