import { Alert, Anchor, Button, PasswordInput, TextInput } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { ApiError } from "@/api/client";
import { login, sessionQuery } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { CompanyChoices, companiesIn } from "./company-choices";
import { Entrance } from "./entrance";
import classes from "./login.module.css";

export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const queryClient = useQueryClient();
  const arrival = useLocation().state as { from?: string; email?: string; notice?: string } | null;
  const from = arrival?.from ?? "/inbox";
  const [email, setEmail] = useState(arrival?.email ?? "");
  const [password, setPassword] = useState("");
  const [isIn, setIsIn] = useState(false);

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
    <Entrance title={t(choices ? "accounts.login.which" : "accounts.login.title")} sub={t(choices ? "accounts.login.whichText" : "accounts.login.sub")}>
        {choices ? (
          <CompanyChoices choices={choices} busy={enter.isPending} onChoose={(slug) => enter.mutate(slug)} onBack={() => enter.reset()} />
        ) : (
          <form onSubmit={submit} className={classes.form}>
            {arrival?.notice && !enter.error && <Alert color="brand" variant="light" icon={<IconCircleCheck size={18} />} role="status">{arrival.notice}</Alert>}
            {enter.error && (
              <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
                {enter.error instanceof ApiError && enter.error.status === 401 && (enter.error.code === "wrong_credentials" || !enter.error.faults.length) ? t("accounts.login.wrong") : words(enter.error)}
              </Alert>
            )}
            <TextInput size="md" type="email" name="email" autoComplete="username" required autoFocus={!arrival?.email} withAsterisk={false} label={t("accounts.login.email")} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
            <PasswordInput size="md" name="password" autoComplete="current-password" required autoFocus={!!arrival?.email} withAsterisk={false} label={t("accounts.login.password")} value={password} onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": t("accounts.login.show") }} />
            <Button type="submit" size="md" fullWidth loading={enter.isPending}>{t("accounts.login.enter")}</Button>
            <Anchor component={Link} to="/forgot" state={{ email: email.trim() }} size="sm" ta="center">{t("accounts.login.forgot")}</Anchor>
          </form>
        )}
    </Entrance>
  );
}
