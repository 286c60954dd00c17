import { Button, Checkbox, NumberInput, Stack, Switch, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
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
import { WeekdayChips } from "@/components/weekday-chips";
import { type ConsentRules, consentRulesQuery, useSaveConsentRules } from "../api/consent";
import classes from "./consent.module.css";

const fields = ["stop_words", "resume_words", "stop_answer", "resume_answer", "most_messages", "per_days", "quiet_from", "quiet_until", "quiet_weekdays", "keeps_holidays"] as const;

/** What the company keeps to when it writes first: whose word is a no, how often, and when people are left in peace. */
export function Component() {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useQuery(consentRulesQuery);
  return (
    <Page title={t("contacts.rules.title")} sub={t("contacts.rules.sub")} phoneBack="/settings">
      {isError ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <RulesForm rules={data} /> : <Card className={classes.card}><LoadingRows count={4} /></Card>}
    </Page>
  );
}

function RulesForm({ rules }: { rules: ConsentRules }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [said, setSaid] = useState(rules);
  const save = useSaveConsentRules();
  const put = (part: Partial<ConsentRules>) => setSaid((now) => ({ ...now, ...part }));
  const about = (field: (typeof fields)[number]) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !fields.some(about);
  const hasHours = said.quiet_from !== null || said.quiet_until !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...said, quiet_from: said.quiet_from || null, quiet_until: said.quiet_until || null }, { onSuccess: () => notifications.show({ message: t("common.saved") }) });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      {isElsewhere && <FormError>{words(save.error)}</FormError>}
      <Card className={classes.card}>
        <h2>{t("contacts.rules.words")}</h2>
        <Text size="sm" c="dimmed">{t("contacts.rules.wordsText")}</Text>
        <TagsInput label={t("contacts.rules.stop")} placeholder={t("contacts.rules.add")} value={said.stop_words} error={about("stop_words")} onChange={(stop_words) => put({ stop_words })} />
        <Textarea autosize minRows={2} maxLength={1000} label={t("contacts.rules.stopAnswer")} description={t("contacts.rules.answerText")} placeholder={t("contacts.rules.stopExample")} value={said.stop_answer} error={about("stop_answer")} onChange={(event) => put({ stop_answer: event.currentTarget.value })} />
        <TagsInput label={t("contacts.rules.resume")} placeholder={t("contacts.rules.add")} value={said.resume_words} error={about("resume_words")} onChange={(resume_words) => put({ resume_words })} />
        <Textarea autosize minRows={2} maxLength={1000} label={t("contacts.rules.resumeAnswer")} placeholder={t("contacts.rules.resumeExample")} value={said.resume_answer} error={about("resume_answer")} onChange={(event) => put({ resume_answer: event.currentTarget.value })} />
      </Card>
      <Card className={classes.card}>
        <h2>{t("contacts.rules.cap")}</h2>
        <Switch label={t("contacts.rules.capOn")} description={t("contacts.rules.capText")} checked={said.most_messages !== null} onChange={(event) => put({ most_messages: event.currentTarget.checked ? 2 : null })} />
        {said.most_messages !== null && (
          <div className={classes.pair}>
            <NumberInput min={1} max={1000} allowDecimal={false} label={t("contacts.rules.most")} value={said.most_messages} error={about("most_messages")} onChange={(value) => put({ most_messages: Number(value) || 1 })} />
            <NumberInput min={1} max={90} allowDecimal={false} label={t("contacts.rules.days")} value={said.per_days} error={about("per_days")} onChange={(value) => put({ per_days: Number(value) || 1 })} />
          </div>
        )}
      </Card>
      <Card className={classes.card}>
        <h2>{t("contacts.rules.quiet")}</h2>
        <Switch label={t("contacts.rules.quietOn")} description={t("contacts.rules.quietText")} checked={hasHours} onChange={(event) => put(event.currentTarget.checked ? { quiet_from: "21:00", quiet_until: "08:00" } : { quiet_from: null, quiet_until: null })} />
        {hasHours && (
          <div className={classes.pair}>
            <TextInput type="time" required withAsterisk={false} label={t("contacts.rules.from")} value={said.quiet_from ?? ""} error={about("quiet_from")} onChange={(event) => put({ quiet_from: event.currentTarget.value })} />
            <TextInput type="time" required withAsterisk={false} label={t("contacts.rules.until")} value={said.quiet_until ?? ""} error={about("quiet_until")} onChange={(event) => put({ quiet_until: event.currentTarget.value })} />
          </div>
        )}
        <WeekdayChips label={t("contacts.rules.weekdays")} value={said.quiet_weekdays} error={about("quiet_weekdays")} onChange={(quiet_weekdays) => put({ quiet_weekdays })} />
        <Checkbox label={t("contacts.rules.holidays")} description={t("contacts.rules.holidaysText")} checked={said.keeps_holidays} onChange={(event) => put({ keeps_holidays: event.currentTarget.checked })} />
      </Card>
      <Stack align="flex-end"><Button type="submit" loading={save.isPending} disabled={said === rules}>{t("common.save")}</Button></Stack>
    </form>
  );
}
