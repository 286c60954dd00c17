import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useParams } from "react-router";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { followProfile } from "@/lib/i18n";
import { invitedQuery, useJoin } from "./api/join";
import { Entrance } from "./entrance";
import { linkProblem } from "./link-problem";
import classes from "./login.module.css";
import { NewPassword } from "./new-password";

/** What an invitation opens. */
export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { token = "" } = useParams();
  const link = useQuery(invitedQuery(token));
  const locale = link.data?.locale;
  useEffect(() => void followProfile(locale), [locale]);
  if (link.isPending) return <Entrance title={t("accounts.join.opening")} />;
  if (link.isError)
    return (
      <Entrance title={t("accounts.join.badLink")} sub={linkProblem(link.error) ?? words(link.error)}>
        <Button component={Link} to="/login" size="md" variant="default" fullWidth>{t("accounts.login.enter")}</Button>
      </Entrance>
    );
  return <JoinForm token={token} invited={link.data} />;
}

function JoinForm({ token, invited }: { token: string; invited: Schemas["Invited"] }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const join = useJoin();
  const [name, setName] = useState(invited.name);
  const [password, setPassword] = useState("");
  const about = (field: string) => (join.error instanceof ApiError ? join.error.about(field) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate({ token, name: name.trim(), password });
  };
  if (join.isSuccess) return <Navigate to="/inbox" replace />;
  const role = t(`common.role.${invited.role ?? "agent"}`);
  const sub = invited.invited_by ? t("accounts.join.sub", { who: invited.invited_by, role }) : t("accounts.join.subNobody", { role });
  return (
    <Entrance title={t("accounts.join.title", { company: invited.company.name })} sub={sub}>
      <form onSubmit={submit} className={classes.form}>
        {join.error && !about("password") && !about("name") && <FormError>{linkProblem(join.error) ?? words(join.error)}</FormError>}
        <TextInput size="md" readOnly name="username" autoComplete="username" label={t("accounts.login.email")} value={invited.email} />
        <TextInput size="md" required maxLength={120} name="name" autoComplete="name" withAsterisk={false} autoFocus={!invited.name} label={t("accounts.join.name")} description={t("accounts.profile.nameText")} value={name} error={about("name")} onChange={(event) => setName(event.currentTarget.value)} />
        <NewPassword label={t("accounts.login.password")} value={password} error={about("password")} onChange={setPassword} />
        <Button type="submit" size="md" fullWidth loading={join.isPending} disabled={!name.trim()}>{t("accounts.join.enter")}</Button>
      </form>
    </Entrance>
  );
}
