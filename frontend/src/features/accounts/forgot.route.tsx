import { Anchor, Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useAskForReset } from "./api/reset-password";
import { Entrance } from "./entrance";
import classes from "./login.module.css";

/** Asks for a link by e-mail. What it says afterwards is the same whether anybody has the address or not. */
export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [email, setEmail] = useState((useLocation().state as { email?: string } | null)?.email ?? "");
  const ask = useAskForReset();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(email.trim());
  };
  const back = <Anchor component={Link} to="/login" state={{ email: email.trim() }} size="sm" ta="center">{t("accounts.forgot.back")}</Anchor>;
  if (ask.isSuccess) return <Entrance title={t("accounts.forgot.sent")} sub={t("accounts.forgot.sentText", { email: email.trim() })}><div className={classes.form}>{back}</div></Entrance>;
  return (
    <Entrance title={t("accounts.forgot.title")} sub={t("accounts.forgot.sub")}>
      <form onSubmit={submit} className={classes.form}>
        {ask.error && <FormError>{words(ask.error)}</FormError>}
        <TextInput size="md" type="email" name="email" autoComplete="username" required autoFocus withAsterisk={false} label={t("accounts.login.email")} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <Button type="submit" size="md" fullWidth loading={ask.isPending}>{t("accounts.forgot.send")}</Button>
        {back}
      </form>
    </Entrance>
  );
}
