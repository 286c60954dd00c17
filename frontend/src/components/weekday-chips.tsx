import { Chip, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

const weekdays = [0, 1, 2, 3, 4, 5, 6];
/** Of a week that begins on a Monday. */
const nameOf = (day: number, language: string) => new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + day)));

type Props = { label: string; value: number[]; error?: string; disabled?: boolean; onChange: (days: number[]) => void };

/** Days of the week, Monday is 0. */
export function WeekdayChips({ label, value, error, disabled, onChange }: Props) {
  const { i18n } = useTranslation();
  return (
    <div role="group" aria-label={label}>
      <Text size="sm" fw={500} mb={6}>{label}</Text>
      <Chip.Group multiple value={value.map(String)} onChange={(days) => onChange(days.map(Number).sort())}>
        <Group gap={6}>{weekdays.map((day) => <Chip key={day} size="xs" value={String(day)} disabled={disabled}>{nameOf(day, i18n.language)}</Chip>)}</Group>
      </Chip.Group>
      {error && <Text size="xs" c="var(--bad)" mt={4} role="alert">{error}</Text>}
    </div>
  );
}
