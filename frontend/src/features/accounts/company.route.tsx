import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { ErrorState } from "@/components/error-state";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { formatTime } from "@/lib/format";
import { type OwnCompany, ownCompanyQuery, useSaveCompany } from "./api/own-company";
import classes from "./settings.module.css";

const zones = () => [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The company as a whole: what it is called, which clock and which language it lives by. */
export function Component() {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useQuery(ownCompanyQuery);
  return (
    <Page title={t("security.company.title")} sub={t("security.company.sub")} phoneBack="/settings">
      {isError ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <CompanyForm key={data.id} company={data} /> : <Card className={classes.card}><LoadingRows count={3} /></Card>}
    </Page>
  );
}

function CompanyForm({ company }: { company: OwnCompany }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [said, setSaid] = useState({ name: company.name, timezone: company.timezone, locale: company.locale });
  const save = useSaveCompany();
  const about = (field: string) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !["name", "timezone", "locale"].some(about);
  const isSame = said.name.trim() === company.name && said.timezone === company.timezone && said.locale === company.locale;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...said, name: said.name.trim(), locale: said.locale === "pt-br" ? "pt-br" : "en" }, { onSuccess: () => notifications.show({ message: t("common.saved") }) });
  };
  const there = new Date(new Date().toLocaleString("en-US", { timeZone: said.timezone }));
  return (
    <Card className={classes.card}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          <TextInput required maxLength={120} label={t("security.company.name")} description={t("security.company.nameText")} value={said.name} error={about("name")} onChange={(event) => setSaid({ ...said, name: event.currentTarget.value })} />
          <Select searchable allowDeselect={false} limit={60} label={t("security.company.timezone")} description={t("security.company.timezoneText", { time: formatTime(there, i18n.language) })} data={zones()} value={said.timezone} error={about("timezone")} onChange={(timezone) => timezone && setSaid({ ...said, timezone })} nothingFoundMessage={t("security.nothing")} />
          <Select allowDeselect={false} label={t("security.company.locale")} description={t("security.company.localeText")} data={[{ value: "en", label: "English" }, { value: "pt-br", label: "Português (Brasil)" }]} value={said.locale} error={about("locale")} onChange={(locale) => locale && setSaid({ ...said, locale })} />
          <TextInput readOnly label={t("security.company.address")} description={t("security.company.addressText")} value={company.domains.join(", ")} />
          {company.plan && <Text size="sm" c="dimmed">{t("security.company.plan", { plan: company.plan.name })}</Text>}
          <Group justify="flex-end"><Button type="submit" loading={save.isPending} disabled={isSame || !said.name.trim()}>{t("common.save")}</Button></Group>
        </Stack>
      </form>
    </Card>
  );
}
