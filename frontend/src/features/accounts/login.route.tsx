import { Alert, Button, PasswordInput, TextInput, Title } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { ApiError } from "@/api/client";
import { login, sessionQuery } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { useTitle } from "@/lib/use-title";
import { CompanyChoices, companiesIn } from "./company-choices";
import { LoginCorner } from "./login-corner";
import classes from "./login.module.css";

export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const queryClient = useQueryClient();
  const from = (useLocation().state as { from?: string } | null)?.from ?? "/inbox";
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isIn, setIsIn] = useState(false);
  useTitle(t("accounts.login.title"));

  const enter = useMutation({
    mutationFn: (company?: string) => login({ email: email.trim(), password, company }),
    onSuccess: async () => {
      queryClient.removeQueries();
      await queryClient.fetchQuery(sessionQuery);
      setIsIn(true);
    },
  });
  const choices = companiesIn(enter.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate(undefined);
  };

  if (isIn) return <Navigate to={from} replace />;
  return (
    <main className={classes.page}>
      <LoginCorner />
      <div className={classes.card}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} width={44} height={44} alt="" className={classes.logo} />
        <Title order={1} className={classes.title}>{t(choices ? "accounts.login.which" : "accounts.login.title")}</Title>
        <p className={classes.sub}>{t(choices ? "accounts.login.whichText" : "accounts.login.sub")}</p>
        {choices ? (
          <CompanyChoices choices={choices} busy={enter.isPending} onChoose={(slug) => enter.mutate(slug)} onBack={() => enter.reset()} />
        ) : (
          <form onSubmit={submit} className={classes.form}>
            {enter.error && (
              <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
                {enter.error instanceof ApiError && enter.error.status === 401 && (enter.error.code === "wrong_credentials" || !enter.error.faults.length) ? t("accounts.login.wrong") : words(enter.error)}
              </Alert>
            )}
            <TextInput size="md" type="email" name="email" autoComplete="username" required autoFocus withAsterisk={false} label={t("accounts.login.email")} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
            <PasswordInput size="md" name="password" autoComplete="current-password" required withAsterisk={false} label={t("accounts.login.password")} value={password} onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": t("accounts.login.show") }} />
            <Button type="submit" size="md" fullWidth loading={enter.isPending}>{t("accounts.login.enter")}</Button>
          </form>
        )}
      </div>
    </main>
  );
}
