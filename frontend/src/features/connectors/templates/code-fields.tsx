import { NumberInput, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Draft } from "./draft";
import type { About } from "./use-faults";

/** A login code: WhatsApp writes its words; what is left to say is this. */
export function CodeFields({ code, about, onChange }: { code: Draft["code"]; about: About; onChange: (code: Draft["code"]) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Switch label={t("templates.advice")} description={t("templates.adviceText")} checked={code.hasAdvice} onChange={(event) => onChange({ ...code, hasAdvice: event.currentTarget.checked })} />
      <NumberInput label={t("templates.minutes")} description={t("templates.minutesText")} min={1} max={90} clampBehavior="none" allowDecimal={false} value={code.minutes ?? ""} error={about("footer.code_expiration_minutes")} onChange={(value) => onChange({ ...code, minutes: value === "" ? null : Number(value) })} />
      <TextInput label={t("templates.codeLabel")} placeholder={t("templates.copyCode")} maxLength={25} value={code.label} error={about("buttons")} onChange={(event) => onChange({ ...code, label: event.currentTarget.value })} />
    </>
  );
}
