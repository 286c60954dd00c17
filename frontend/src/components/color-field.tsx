import { Input } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./color-field.module.css";

const COLORS = ["#0b7a5c", "#2f6fd0", "#8e4bb5", "#b8325e", "#c2571a", "#a3641c", "#6b7013", "#4a555b"];
const colors = COLORS.map((color, index) => ({ color, name: index + 1 }));

/** One of a few colours that read well on both grounds, or any other. */
export function ColorField({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const { t } = useTranslation();
  const isOwn = !COLORS.includes(value.toLowerCase());
  return (
    <Input.Wrapper label={t("common.color")} labelElement="div">
      <div className={classes.colors} role="radiogroup" aria-label={t("common.color")}>
        {colors.map(({ color, name }) => (
          <button key={color} type="button" role="radio" aria-checked={value.toLowerCase() === color} aria-label={t("common.colorNumber", { number: name })} className={classes.color} style={{ "--dot": color }} onClick={() => onChange(color)} />
        ))}
        <label className={classes.own} data-chosen={isOwn || undefined} title={t("common.otherColor")}>
          <input type="color" aria-label={t("common.otherColor")} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
        </label>
      </div>
    </Input.Wrapper>
  );
}

export const firstColor = COLORS[0] ?? "";
