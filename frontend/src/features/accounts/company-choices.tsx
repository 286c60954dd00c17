import { Button, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { PersonAvatar } from "@/components/person-avatar";
import classes from "./login.module.css";

export type CompanyChoice = { slug: string; name: string };

const isChoice = (value: unknown): value is CompanyChoice => typeof value === "object" && value !== null && "slug" in value && "name" in value;

/** The companies of a 409: the password was right and the e-mail works in several. */
export function companiesIn(error: Error | null): CompanyChoice[] | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const body = error.body as { choices?: unknown } | null;
  return Array.isArray(body?.choices) ? body.choices.filter(isChoice) : null;
}

type Props = { choices: CompanyChoice[]; busy: boolean; onChoose: (slug: string) => void; onBack: () => void };

export function CompanyChoices({ choices, busy, onChoose, onBack }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      {choices.map((choice) => (
        <UnstyledButton key={choice.slug} className={classes.choice} disabled={busy} onClick={() => onChoose(choice.slug)}>
          <PersonAvatar name={choice.name} size={36} />
          <span className={classes.choiceName}>{choice.name}</span>
          <IconChevronRight size={18} stroke={1.6} />
        </UnstyledButton>
      ))}
      <Button variant="subtle" color="gray" onClick={onBack}>{t("accounts.login.other")}</Button>
    </div>
  );
}
