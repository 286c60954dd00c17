import { Button, Divider, Group, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useSession } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card, Page } from "@/components/page";
import { chooseLocale, type Locale } from "@/lib/i18n";
import { useSaveProfile } from "./api/save-profile";
import { languages } from "./languages";
import { OwnAvatar } from "./own-avatar";
import classes from "./settings.module.css";

/** What colleagues see of the person who is logged in. */
export function Component() {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const { user } = useSession();
  const [name, setName] = useState(user.name);
  const save = useSaveProfile();
  const aboutName = save.error instanceof ApiError ? save.error.about("name") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim() }, { onSuccess: () => notifications.show({ message: t("common.saved") }) });
  };
  const speak = (locale: Locale) => {
    void chooseLocale(locale);
    save.mutate({ locale: locale === "pt-BR" ? "pt-br" : "en" });
  };
  return (
    <Page title={t("accounts.profile.title")} sub={t("accounts.profile.sub")} phoneBack="/settings">
      <Card className={classes.card}>
        <OwnAvatar />
        <Divider my="lg" />
        <form onSubmit={submit}>
          <Stack gap="md">
            {save.error && !aboutName && <FormError>{words(save.error)}</FormError>}
            <TextInput required maxLength={120} label={t("accounts.profile.name")} description={t("accounts.profile.nameText")} value={name} error={aboutName} onChange={(event) => setName(event.currentTarget.value)} />
            <TextInput readOnly label={t("accounts.email")} description={t("accounts.profile.emailText")} value={user.email} />
            <Select label={t("common.nav.language")} allowDeselect={false} data={languages} value={i18n.language} onChange={(value) => speak(value === "pt-BR" ? "pt-BR" : "en")} />
            <Group justify="flex-end"><Button type="submit" loading={save.isPending} disabled={!name.trim() || name.trim() === user.name}>{t("common.save")}</Button></Group>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}
