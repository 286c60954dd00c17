import { Button, FileButton, Group, Text, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { parseRecipients } from "../parse-recipients";
import type { Surveyed } from "./use-survey";
import classes from "./wizard.module.css";

type Props = { numbers: string; survey: Surveyed; onChange: (numbers: string) => void };

/** Numbers that are pasted here or come from a file, besides lists and tags. */
export function GivenNumbers({ numbers, survey, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const count = useMemo(() => parseRecipients(numbers).length, [numbers]);
  const bad = survey.data?.bad_recipients ?? [];
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.wizard.numbers")}</h2>
      <Textarea aria-label={t("campaigns.wizard.numbers")} description={t("campaigns.wizard.numbersHint")} placeholder={t("campaigns.wizard.numbersExample")} autosize minRows={3} maxRows={10} spellCheck={false} value={numbers} onChange={(event) => onChange(event.currentTarget.value)} />
      <Group gap="xs" justify="space-between">
        <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void file?.text().then((text) => onChange(text.trim()))}>
          {(props) => <Button {...props} variant="default" leftSection={<IconFileUpload size={16} stroke={1.7} />}>{t("campaigns.wizard.numbersFile")}</Button>}
        </FileButton>
        {count > 0 && <Text size="sm" c="dimmed">{t("campaigns.wizard.numbersCount", { count, formatted: formatCount(count, i18n.language) })}{survey.data?.new_numbers ? ` · ${t("campaigns.wizard.newNumbers", { count: survey.data.new_numbers })}` : ""}</Text>}
      </Group>
      {bad.length > 0 && (
        <ul className={classes.bad} role="alert">
          {bad.slice(0, 5).map(({ place, detail }) => <li key={place}>{t("campaigns.wizard.badNumber", { place: place + 1, detail })}</li>)}
          {bad.length > 5 && <li>{t("campaigns.wizard.moreBad", { count: bad.length - 5 })}</li>}
        </ul>
      )}
    </Card>
  );
}
