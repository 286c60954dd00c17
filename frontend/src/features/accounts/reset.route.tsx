import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { resetQuery, useResetPassword } from "./api/reset-password";
import { Entrance } from "./entrance";
import { linkProblem } from "./link-problem";
import classes from "./login.module.css";
import { NewPassword } from "./new-password";

/** What the link in the e-mail opens: a new password, then back to the login. */
export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const navigate = useNavigate();
  const { token = "" } = useParams();
  const link = useQuery(resetQuery(token));
  const reset = useResetPassword();
  const [password, setPassword] = useState("");
  const weak = reset.error instanceof ApiError ? reset.error.about("password") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate({ token, password }, { onSuccess: ({ email }) => void navigate("/login", { replace: true, state: { email, notice: t("accounts.reset.done") } }) });
  };
  if (link.isPending) return <Entrance title={t("accounts.reset.title")} />;
  if (link.isError)
    return (
      <Entrance title={t("accounts.reset.badLink")} sub={linkProblem(link.error) ?? words(link.error)}>
        <Button component={Link} to="/forgot" size="md" fullWidth>{t("accounts.reset.again")}</Button>
      </Entrance>
    );
  return (
    <Entrance title={t("accounts.reset.title")} sub={t("accounts.reset.sub", { email: link.data.email, company: link.data.company.name })}>
      <form onSubmit={submit} className={classes.form}>
        {reset.error && !weak && <FormError>{linkProblem(reset.error) ?? words(reset.error)}</FormError>}
        <input type="hidden" name="username" autoComplete="username" value={link.data.email} readOnly />
        <NewPassword label={t("accounts.password.new")} value={password} error={weak} onChange={setPassword} />
        <Button type="submit" size="md" fullWidth loading={reset.isPending}>{t("accounts.reset.save")}</Button>
      </form>
    </Entrance>
  );
}
