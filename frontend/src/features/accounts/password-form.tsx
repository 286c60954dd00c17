import { Button, Group, PasswordInput, Stack, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useChangePassword } from "./api/sessions";
import { NewPassword } from "./new-password";

/** The old password and a new one. */
export function PasswordForm() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const about = (field: string) => (change.error instanceof ApiError ? change.error.about(field) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      setCurrent("");
      setNext("");
      notifications.show({ message: t("accounts.password.changed") });
    };
    change.mutate({ current_password: current, new_password: next }, { onSuccess: done });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Title order={2}>{t("accounts.password.title")}</Title>
        {change.error && !about("current_password") && !about("new_password") && <FormError>{words(change.error)}</FormError>}
        <PasswordInput required withAsterisk={false} name="password" autoComplete="current-password" maxLength={128} label={t("accounts.password.current")} value={current} error={about("current_password")} onChange={(event) => setCurrent(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("accounts.login.show") }} />
        <NewPassword size="sm" label={t("accounts.password.new")} value={next} error={about("new_password")} onChange={setNext} />
        <Group justify="flex-end"><Button type="submit" loading={change.isPending} disabled={!current || !next}>{t("accounts.password.change")}</Button></Group>
      </Stack>
    </form>
  );
}
