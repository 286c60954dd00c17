import { Alert, Button, Checkbox, Group, NumberInput, SegmentedControl, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { isComplete, type TemplateDraft, TemplateFields } from "@/components/template-fields";
import { WeekdayChips } from "@/components/weekday-chips";
import { wallTimeIn, zoneName } from "@/lib/zones";
import classes from "./later.module.css";
import { type Plan, presetsOf, rhythms } from "./plan";

/** `closesAt`: until when the customer service window is open; null where there is none. `fileName`: what goes with the text. */
type Props = { plan: Plan; zone: string; openedAt: number; templates: Schemas["Template"][]; closesAt: string | null; fileName: string; error: Error | null; onChange: (change: Partial<Plan> | ((plan: Plan) => Partial<Plan>)) => void };

export const isPast = (plan: Plan, zone: string, openedAt: number) => plan.at !== "" && plan.at <= wallTimeIn(zone, openedAt);

/** Whether all is said that must be. The time is looked at by whoever knows whether it was changed. */
export const isWritten = (plan: Plan, templates: Schemas["Template"][], fileName: string) =>
  plan.at !== "" && (plan.isTemplate ? isComplete(plan.template, templates) : Boolean(plan.text.trim()) || fileName !== "");

/** What goes, when, how often, and when it does not. */
export function PlanFields({ plan, zone, openedAt, templates, closesAt, fileName, error, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const hasTemplates = plan.isTemplate || templates.some(({ status }) => status === "APPROVED");
  const isShutThen = !plan.isTemplate && closesAt !== null && plan.at > wallTimeIn(zone, closesAt);
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  const setTemplate = (change: TemplateDraft | null | ((draft: TemplateDraft | null) => TemplateDraft | null)) =>
    onChange((before) => ({ template: typeof change === "function" ? change(before.template) : change }));
  const isElsewhere = error !== null && !["first_at", "ends_on", "body"].some(about);
  return (
    <Stack gap="sm">
      {hasTemplates && (
        <SegmentedControl aria-label={t("tickets.later.what")} value={plan.isTemplate ? "template" : "text"} onChange={(value) => onChange({ isTemplate: value === "template" })}
          data={[{ value: "text", label: t("tickets.later.text") }, { value: "template", label: t("tickets.later.template") }]} />
      )}
      {plan.isTemplate ? (
        <TemplateFields templates={templates} value={plan.template} onChange={setTemplate} />
      ) : (
        <Textarea autosize minRows={2} maxRows={8} label={t("tickets.later.message")} description={fileName ? t("tickets.later.with", { name: fileName, interpolation: { escapeValue: false } }) : undefined} value={plan.text} error={about("body")} onChange={(event) => onChange({ text: event.currentTarget.value })} />
      )}
      <Group gap="xs">
        {presetsOf(zone, openedAt).map(([key, wall]) => <Button key={key} size="compact-sm" variant={plan.at === wall ? "light" : "default"} onClick={() => onChange({ at: wall })}>{t(`tickets.later.preset.${key}`)}</Button>)}
      </Group>
      <TextInput type="datetime-local" label={t("tickets.later.at")} description={zoneName(zone, i18n.language, openedAt)} value={plan.at} error={about("first_at") ?? (isPast(plan, zone, openedAt) ? t("tickets.later.past") : undefined)} onChange={(event) => onChange({ at: event.currentTarget.value })} />
      {isShutThen && (
        <Alert color="yellow" role="status">
          {t(hasTemplates ? "tickets.later.shutThen" : "tickets.later.shutThenNoTemplate")}
        </Alert>
      )}
      <Select label={t("tickets.later.repeats")} allowDeselect={false} value={plan.rhythm} onChange={(value) => onChange({ rhythm: rhythms.find((one) => one === value) ?? "never" })} data={rhythms.map((value) => ({ value, label: t(`tickets.later.rhythm.${value}`) }))} />
      {plan.rhythm === "week" && <WeekdayChips label={t("tickets.later.weekdays")} value={plan.weekdays} onChange={(weekdays) => onChange({ weekdays })} />}
      {plan.rhythm !== "never" && (
        <Group grow align="start">
          <NumberInput label={t(`tickets.later.every.${plan.rhythm}`)} min={1} max={99} value={plan.every} onChange={(value) => onChange({ every: Math.max(1, Number(value) || 1) })} />
          <TextInput type="date" label={t("tickets.later.endsOn")} value={plan.endsOn} error={about("ends_on")} onChange={(event) => onChange({ endsOn: event.currentTarget.value })} />
        </Group>
      )}
      <Checkbox label={t("tickets.later.cancelsOnReply")} checked={plan.cancelsOnReply} onChange={(event) => onChange({ cancelsOnReply: event.currentTarget.checked })} />
      <Checkbox label={t("tickets.later.isMarketing")} description={t("tickets.later.isMarketingText")} checked={plan.isMarketing} onChange={(event) => onChange({ isMarketing: event.currentTarget.checked })} />
      {isElsewhere && <p className={classes.error} role="alert">{words(error)}</p>}
    </Stack>
  );
}
