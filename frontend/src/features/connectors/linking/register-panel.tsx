import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { Card } from "@/components/page";
import { useRegisterNumber } from "../api/register-number";
import classes from "./linking.module.css";

const methods = ["SMS", "VOICE"] as const;

/** A number that Meta does not know yet: proved by a code, then brought over with a PIN. */
export function RegisterPanel({ connection }: { connection: Schemas["Connection"] }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const { ask, verify, register } = useRegisterNumber(connection.id);
  const [method, setMethod] = useState<(typeof methods)[number]>("SMS");
  const [code, setCode] = useState("");
  const [pin, setPin] = useState("");
  const [isSkipped, setSkipped] = useState(false);
  const isVerified = verify.isSuccess || isSkipped || connection.facts.code_verification === "VERIFIED";
  const language = i18n.language === "pt-BR" ? "pt_BR" : "en";
  const about = (error: unknown, field: string) => (error ? (error instanceof ApiError && error.about(field)) || words(error) : undefined);
  const submit = (act: () => void) => (event: FormEvent) => {
    event.preventDefault();
    act();
  };
  return (
    <Card className={classes.section}>
      <h2>{t("linking.register.title")}</h2>
      <p className={classes.quiet}>{t("linking.register.intro")}</p>
      {isVerified ? <p className={classes.verdict} data-good role="status">{t("linking.register.verified")}</p> : (
        <div className={classes.part}>
          <h3>{t("linking.register.code")}</h3>
          <p className={classes.quiet}>{t("linking.register.codeText")}</p>
          <SegmentedControl aria-label={t("linking.register.method")} value={method} onChange={setMethod} data={methods.map((value) => ({ value, label: t(`linking.register.methodOf.${value}`) }))} />
          <div className={classes.inline}>
            <Button variant={ask.isSuccess ? "default" : "filled"} loading={ask.isPending} onClick={() => ask.mutate({ method, language })}>{t(ask.isSuccess ? "linking.register.askAgain" : "linking.register.ask")}</Button>
            <Button variant="subtle" onClick={() => setSkipped(true)}>{t("linking.register.hasCode")}</Button>
          </div>
          {ask.error && <p className={classes.verdict} data-bad role="alert">{words(ask.error)}</p>}
          {ask.isSuccess && (
            <form className={classes.inline} onSubmit={submit(() => verify.mutate({ code }))}>
              <TextInput label={t("linking.register.theCode")} description={t("linking.register.asked")} inputMode="numeric" autoComplete="one-time-code" value={code} error={about(verify.error, "code")} onChange={(event) => setCode(event.currentTarget.value)} data-autofocus />
              <Button type="submit" loading={verify.isPending} disabled={!code.trim()}>{t("linking.register.verify")}</Button>
            </form>
          )}
        </div>
      )}
      {isVerified && (
        <form className={classes.inline} onSubmit={submit(() => register.mutate({ pin }))}>
          <TextInput label={t("linking.register.pin")} description={t("linking.register.pinText")} inputMode="numeric" autoComplete="off" maxLength={6} value={pin} error={about(register.error, "pin")} onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, ""))} />
          <Button type="submit" loading={register.isPending} disabled={pin.length !== 6}>{t("linking.register.register")}</Button>
        </form>
      )}
    </Card>
  );
}
