import { Button, Checkbox, Chip, Group, Modal, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { wallTimeIn, zoneName } from "@/lib/zones";
import classes from "./later.module.css";
import { type Writing, useSchedule } from "./schedules";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const repeats = ["never", "day", "week", "month"] as const;
type Repeats = (typeof repeats)[number];
type Props = { ticketId: number; text: string; mediaId: number | null; onDone: () => void; onClose: () => void };

/** When the written message goes: once, or again and again, by the company's clocks. */
export function LaterDialog({ ticketId, text, mediaId, onDone, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const zone = useSession().company.timezone;
  const [openedAt] = useState(() => Date.now());
  const [at, setAt] = useState(() => wallTimeIn(zone, openedAt + HOUR));
  const [rhythm, setRhythm] = useState<Repeats>("never");
  const [every, setEvery] = useState(1);
  const [weekdays, setWeekdays] = useState<string[]>([]);
  const [endsOn, setEndsOn] = useState("");
  const [cancelsOnReply, setCancelsOnReply] = useState(false);
  const schedule = useSchedule();
  const presets = [
    ["hour", wallTimeIn(zone, openedAt + HOUR)],
    ["tomorrow", `${wallTimeIn(zone, openedAt + DAY).slice(0, 10)}T09:00`],
    ["week", `${wallTimeIn(zone, openedAt + 7 * DAY).slice(0, 10)}T09:00`],
  ] as const;
  const isPast = at !== "" && at <= wallTimeIn(zone, openedAt);
  const send = () => {
    const again = rhythm === "never" ? {} : { every, ends_on: endsOn || null, ...(rhythm === "week" ? { weekdays: weekdays.map(Number) } : {}) };
    const body: Writing = { ticket: ticketId, body: text, first_at: at, repeats: rhythm, cancels_on_reply: cancelsOnReply, ...(mediaId ? { media: mediaId } : {}), ...again };
    schedule.mutate(body, { onSuccess: onDone });
  };
  return (
    <Modal opened onClose={onClose} title={t("tickets.later.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <p className={classes.text}>{text || t("tickets.later.file")}</p>
        <Group gap="xs">
          {presets.map(([key, wall]) => <Button key={key} size="compact-sm" variant={at === wall ? "light" : "default"} onClick={() => setAt(wall)}>{t(`tickets.later.preset.${key}`)}</Button>)}
        </Group>
        <TextInput type="datetime-local" label={t("tickets.later.at")} description={zoneName(zone, i18n.language, openedAt)} value={at} error={isPast ? t("tickets.later.past") : undefined} onChange={(event) => setAt(event.currentTarget.value)} />
        <Select label={t("tickets.later.repeats")} allowDeselect={false} value={rhythm} onChange={(value) => setRhythm(repeats.find((one) => one === value) ?? "never")} data={repeats.map((value) => ({ value, label: t(`tickets.later.rhythm.${value}`) }))} />
        {rhythm === "week" && (
          <Chip.Group multiple value={weekdays} onChange={setWeekdays}>
            <Group gap={6} role="group" aria-label={t("tickets.later.weekdays")}>
              {[0, 1, 2, 3, 4, 5, 6].map((day) => <Chip key={day} size="xs" value={String(day)}>{nameOf(day, i18n.language)}</Chip>)}
            </Group>
          </Chip.Group>
        )}
        {rhythm !== "never" && (
          <Group grow align="start">
            <NumberInput label={t(`tickets.later.every.${rhythm}`)} min={1} max={99} value={every} onChange={(value) => setEvery(Math.max(1, Number(value) || 1))} />
            <TextInput type="date" label={t("tickets.later.endsOn")} value={endsOn} onChange={(event) => setEndsOn(event.currentTarget.value)} />
          </Group>
        )}
        <Checkbox label={t("tickets.later.cancelsOnReply")} checked={cancelsOnReply} onChange={(event) => setCancelsOnReply(event.currentTarget.checked)} />
        {schedule.error && <p className={classes.error} role="alert">{words(schedule.error)}</p>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button loading={schedule.isPending} disabled={!at || isPast} onClick={send}>{t("tickets.later.schedule")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** 0 is Monday: 1 January 2024 was one. */
const nameOf = (day: number, locale: string) => new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + day));
