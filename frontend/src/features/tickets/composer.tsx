import { ActionIcon, Button, SegmentedControl, Textarea, Tooltip } from "@mantine/core";
import { IconClockHour4, IconClockOff, IconSend, IconTemplate } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/format";
import classes from "./composer.module.css";
import { forgetDraft, keepDraft, keptDraft } from "./drafts";

export type Mode = "message" | "note";
type Props = { ticketId: number; closesAt: string | null; now: number; hasTemplates: boolean; onSend: (text: string, mode: Mode) => void; onTemplate: () => void };

const SOON = 60 * 60_000;

/** Reply or note. Outside the customer service window only templates go, and notes. */
export function Composer({ ticketId, closesAt, now, hasTemplates, onSend, onTemplate }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>("message");
  const [text, setText] = useState(() => keptDraft(ticketId));
  const left = closesAt === null ? null : Date.parse(closesAt) - now;
  const isShut = mode === "message" && left !== null && left <= 0;
  const label = t(mode === "note" ? "tickets.notePlaceholder" : "tickets.placeholder");

  const write = (value: string) => {
    setText(value);
    keepDraft(ticketId, value);
  };
  const send = () => {
    if (!text.trim() || isShut) return;
    onSend(text.trim(), mode);
    setText("");
    forgetDraft(ticketId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className={classes.wrap}>
      <div className={classes.box} data-mode={mode}>
        <div className={classes.top}>
          <SegmentedControl size="xs" className={classes.mode} aria-label={t("tickets.mode")} value={mode} onChange={(value) => setMode(value === "note" ? "note" : "message")}
            data={[{ value: "message", label: t("tickets.reply") }, { value: "note", label: t("tickets.note") }]} />
          {left !== null && left > 0 && (
            <span className={`${classes.window} tabular`} data-soon={left < SOON || undefined}>
              <IconClockHour4 size={14} stroke={1.8} />
              <span className={classes.long}>{t("tickets.window", { time: formatDuration(left) })}</span>
              <span className={classes.short}>{formatDuration(left)}</span>
            </span>
          )}
        </div>
        {isShut ? (
          <div className={classes.closed}><IconClockOff size={18} stroke={1.7} />{t(hasTemplates ? "tickets.windowClosed" : "tickets.windowClosedNoTemplate")}</div>
        ) : (
          <Textarea variant="unstyled" autosize minRows={1} maxRows={8} aria-label={label} placeholder={label} value={text} onChange={(event) => write(event.currentTarget.value)} onKeyDown={onKeyDown} classNames={{ input: classes.input }} />
        )}
        <div className={classes.bottom}>
          {hasTemplates && mode === "message" && !isShut && (
            <Tooltip label={t("tickets.template")}>
              <ActionIcon aria-label={t("tickets.template")} onClick={onTemplate}><IconTemplate size={19} stroke={1.6} /></ActionIcon>
            </Tooltip>
          )}
          {!isShut && <span className={classes.hint}>{t("tickets.enterHint")}</span>}
          {isShut ? (
            hasTemplates && <Button className={classes.send} leftSection={<IconTemplate size={16} stroke={1.8} />} onClick={onTemplate}>{t("tickets.sendTemplate")}</Button>
          ) : (
            <Button className={classes.send} disabled={!text.trim()} rightSection={<IconSend size={15} stroke={1.8} />} onClick={send}>{t(mode === "note" ? "tickets.addNote" : "tickets.send")}</Button>
          )}
        </div>
      </div>
    </div>
  );
}
