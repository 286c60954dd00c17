import { ActionIcon, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Button, hasVariable } from "./draft";
import classes from "./templates.module.css";

type Props = { button: Button; about: (field: string) => string | undefined; onChange: (change: Partial<Button>) => void; onRemove: () => void; onUp?: () => void; onDown?: () => void };

const fieldOf = { URL: "url", PHONE_NUMBER: "phone_number", COPY_CODE: "example", FLOW: "flow_id" } as const;
const LONGEST = 25;

export function ButtonRow({ button, about, onChange, onRemove, onUp, onDown }: Props) {
  const { t } = useTranslation();
  const { type, text, value, example } = button;
  const kind = t(`templates.button.${type}`);
  const name = text || kind;
  return (
    <fieldset className={classes.button}>
      <legend className="visually-hidden">{kind}</legend>
      <div className={classes.buttonHead}>
        <span>{kind}</span>
        <ActionIcon size={26} disabled={!onUp} aria-label={t("common.moveUp", { name })} onClick={onUp}><IconArrowUp size={15} stroke={1.8} /></ActionIcon>
        <ActionIcon size={26} disabled={!onDown} aria-label={t("common.moveDown", { name })} onClick={onDown}><IconArrowDown size={15} stroke={1.8} /></ActionIcon>
        <ActionIcon size={26} aria-label={t("templates.removeButton", { name })} onClick={onRemove}><IconTrash size={15} stroke={1.7} /></ActionIcon>
      </div>
      <div className={classes.pair}>
        {type !== "COPY_CODE" && <TextInput label={t("templates.buttonText")} maxLength={LONGEST} value={text} error={about("text")} onChange={(event) => onChange({ text: event.currentTarget.value })} />}
        {type !== "QUICK_REPLY" && <TextInput label={t(`templates.buttonValue.${type}`)} placeholder={t(`templates.buttonHint.${type}`)} type={type === "PHONE_NUMBER" ? "tel" : "text"} value={value} error={about(fieldOf[type])} onChange={(event) => onChange({ value: event.currentTarget.value })} />}
      </div>
      {type === "URL" && hasVariable(value) && <TextInput label={t("templates.urlExample")} placeholder="https://example.com/p/123" value={example} error={about("example")} onChange={(event) => onChange({ example: event.currentTarget.value })} />}
    </fieldset>
  );
}
