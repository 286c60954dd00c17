import { Button, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listsQuery, tagsQuery, templatesQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import { formatCount, formatDuration } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { formatWallTime, wallTimeIn, zoneName } from "@/lib/zones";
import { recipientsOf } from "../draft";
import type { Step } from "./steps-bar";
import type { Drafting } from "./use-draft";
import type { Surveyed } from "./use-survey";
import classes from "./wizard.module.css";

const stepOf = (field: string): Step => (/^(body|variants|variables|template|header_media)/.test(field) ? "message" : field === "starts_at" ? "when" : "audience");
type Props = { drafting: Drafting; survey: Surveyed; connectionName: string; onStep: (step: Step) => void };

/** Everything on one page, and what keeps it from starting. */
export function ReviewStep({ drafting, survey, connectionName, onStep }: Props) {
  const { t, i18n } = useTranslation();
  const { draft, zone } = drafting;
  const moment = useNow();
  const lists = useQuery(listsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const template = useQuery(templatesQuery(draft.kind === "template" ? (drafting.connection ?? 0) : 0)).data?.find(({ id }) => id === draft.template);
  const names = (ids: number[], all: { id: number; name: string }[]) => all.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const numbers = recipientsOf(draft).length;
  const audience = [
    ...(draft.everybody ? [t("campaigns.wizard.everybody")] : names(draft.lists, lists)),
    ...(draft.everybody ? [] : [names(draft.tags, tags).join(draft.allTags ? " + " : ", ")]),
    ...(draft.conditions.length ? [t("campaigns.wizard.conditionCount", { count: draft.conditions.length })] : []),
    ...(numbers ? [t("campaigns.wizard.numbersCount", { count: numbers, formatted: formatCount(numbers, i18n.language) })] : []),
  ].filter(Boolean).join(", ");
  const seconds = survey.data?.seconds ?? 0;
  const wall = draft.when === "later" && draft.at ? draft.at : wallTimeIn(zone, moment);
  const clock = draft.when === "now" ? ` · ${zoneName(zone, i18n.language, moment)}` : "";
  const lasts = seconds < 60 ? t("campaigns.wizard.underAMinute") : formatDuration(seconds * 1000);
  const facts: [string, string | undefined][] = [
    [t("campaigns.connection"), connectionName],
    [t("campaigns.audience"), audience || t("campaigns.wizard.nobodyYet")],
    [t("campaigns.without"), names(draft.excluded_tags, tags).join(", ")],
    [t("campaigns.message"), draft.kind === "template" ? (template ? t("campaigns.templateNamed", { name: template.name }) : "") : draft.variants.length > 1 ? t("campaigns.wizard.variantCount", { count: draft.variants.length }) : draft.variants[0]?.body.slice(0, 120) || draft.variants[0]?.media?.filename],
    [t("campaigns.startsAt"), draft.when === "now" ? t("campaigns.wizard.atOnce") : draft.at ? `${formatWallTime(draft.at, i18n.language)} · ${zoneName(zone, i18n.language, draft.at)}` : ""],
    [t("campaigns.wizard.lasts"), survey.data && survey.data.count > 0 ? `${lasts} · ${t("campaigns.wizard.endsAt", { at: formatWallTime(wall, i18n.language, seconds), interpolation: { escapeValue: false } })}${clock}` : ""],
  ];
  const problems = [...(survey.data?.problems ?? []), ...(survey.data && survey.hasAudience && survey.data.count === 0 ? [{ attr: "lists", code: "empty_audience", detail: t("campaigns.wizard.nobody") }] : []), ...(survey.hasAudience ? [] : [{ attr: "lists", code: "empty_audience", detail: t("campaigns.chooseAudience") }])];
  return (
    <>
      {problems.length > 0 && (
        <Card className={classes.section}>
          <h2>{t("campaigns.wizard.problems")}</h2>
          <ul className={classes.exclusions}>
            {problems.map(({ attr, detail }) => (
              <li key={attr + detail} className={classes.result}>
                <IconAlertTriangle size={17} stroke={1.7} color="var(--warn)" aria-hidden />
                <Text size="sm" flex={1}>{detail}</Text>
                <Button variant="subtle" onClick={() => onStep(stepOf(attr))}>{t("campaigns.wizard.mend")}</Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card className={classes.section}>
        <h2>{draft.name || t("campaigns.unnamed")}</h2>
        <dl className={classes.facts}>
          {facts.filter(([, value]) => Boolean(value)).map(([label, value]) => [<dt key={`${label}-`}>{label}</dt>, <dd key={label}>{value}</dd>])}
        </dl>
        {survey.data && survey.data.variants.length > 1 && draft.kind === "text" && (
          <p className={classes.quiet}>{survey.data.variants.map(({ variant, count }) => `${t("campaigns.wizard.variant", { letter: String.fromCharCode(65 + variant) })}: ${formatCount(count, i18n.language)}`).join(" · ")}</p>
        )}
      </Card>
    </>
  );
}
