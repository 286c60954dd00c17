import { ActionIcon, Button, SegmentedControl, Textarea, Tooltip } from "@mantine/core";
import { IconClockHour4, IconClockOff, IconMicrophone, IconPaperclip, IconSend, IconTemplate, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/format";
import type { Media } from "./api/get-media";
import type { Message } from "./api/list-messages";
import classes from "./composer.module.css";
import { AttachmentStrip } from "./composing/attachment-strip";
import composing from "./composing/composing.module.css";
import { RecordingBar } from "./composing/recording-bar";
import { ReplyBar } from "./composing/reply-bar";
import { useAttachments } from "./composing/use-attachments";
import { useFileDrop } from "@/lib/use-file-drop";
import { useRecorder } from "./composing/use-recorder";
import { forgetDraft, keepDraft, keptDraft } from "./drafts";

export type Mode = "message" | "note";
type Props = {
  ticketId: number;
  closesAt: string | null;
  now: number;
  hasTemplates: boolean;
  kinds: string[];
  replyTo: Message | null;
  onCancelReply: () => void;
  onSend: (text: string, mode: Mode, files: Media[]) => void;
  onTemplate: () => void;
};

const SOON = 60 * 60_000;
const FILES = ["image", "video", "audio", "document"];

/** Reply or note. Outside the customer service window only templates go, and notes. `kinds`: what the gateway can carry. */
export function Composer({ ticketId, closesAt, now, hasTemplates, kinds, replyTo, onCancelReply, onSend, onTemplate }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>("message");
  const [text, setText] = useState(() => keptDraft(ticketId));
  const chooser = useRef<HTMLInputElement>(null);
  const files = useAttachments();
  const recorder = useRecorder();
  const left = closesAt === null ? null : Date.parse(closesAt) - now;
  const isReply = mode === "message";
  const isShut = isReply && left !== null && left <= 0;
  const canAttach = isReply && !isShut && kinds.some((kind) => FILES.includes(kind));
  const canRecord = isReply && !isShut && kinds.includes("audio");
  const isDropping = useFileDrop(canAttach, files.add);
  const label = t(isReply ? "tickets.placeholder" : "tickets.notePlaceholder");
  const shown = isReply ? files.media : [];
  const isSendable = !isShut && (isReply ? files.isReady && (Boolean(text.trim()) || shown.length > 0) : Boolean(text.trim()));

  const write = (value: string) => {
    setText(value);
    keepDraft(ticketId, value);
  };
  const send = () => {
    if (!isSendable) return;
    onSend(text.trim(), mode, shown);
    if (isReply) files.clear();
    setText("");
    forgetDraft(ticketId);
  };
  const sendVoice = async () => {
    const recording = await recorder.finish();
    const voice = recording && (await files.addVoice(recording));
    if (voice) onSend("", "message", [voice]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (!canAttach || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    files.add([...event.clipboardData.files]);
  };

  return (
    <div className={classes.wrap}>
      <div className={classes.box} data-mode={mode} data-dropping={isDropping || undefined}>
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
        {recorder.problem && (
          <div className={composing.problem} role="alert">
            <span>{t(`tickets.record.${recorder.problem}`)}</span>
            <ActionIcon size={22} aria-label={t("common.close")} onClick={recorder.forgive}><IconX size={14} stroke={2} /></ActionIcon>
          </div>
        )}
        {isReply && !isShut && replyTo && <ReplyBar message={replyTo} onCancel={onCancelReply} />}
        {isReply && files.items.length > 0 && <AttachmentStrip items={files.items} onRetry={files.retry} onRemove={files.remove} />}
        {isShut ? (
          <div className={classes.closed}><IconClockOff size={18} stroke={1.7} />{t(hasTemplates ? "tickets.windowClosed" : "tickets.windowClosedNoTemplate")}</div>
        ) : recorder.startedAt === null ? (
          <Textarea variant="unstyled" autosize minRows={1} maxRows={8} aria-label={label} placeholder={shown.length ? t("tickets.attach.caption") : label} value={text} onChange={(event) => write(event.currentTarget.value)} onKeyDown={onKeyDown} onPaste={onPaste} classNames={{ input: classes.input }} />
        ) : (
          <RecordingBar startedAt={recorder.startedAt} onCancel={recorder.cancel} onSend={() => void sendVoice()} />
        )}
        {recorder.startedAt === null && (
          <div className={classes.bottom}>
            {canAttach && (
              <Tooltip label={t("tickets.attach.verb")}>
                <ActionIcon aria-label={t("tickets.attach.verb")} onClick={() => chooser.current?.click()}><IconPaperclip size={19} stroke={1.6} /></ActionIcon>
              </Tooltip>
            )}
            {canRecord && (
              <Tooltip label={t("tickets.record.verb")}>
                <ActionIcon aria-label={t("tickets.record.verb")} onClick={() => void recorder.start()}><IconMicrophone size={19} stroke={1.6} /></ActionIcon>
              </Tooltip>
            )}
            {hasTemplates && isReply && !isShut && (
              <Tooltip label={t("tickets.template")}>
                <ActionIcon aria-label={t("tickets.template")} onClick={onTemplate}><IconTemplate size={19} stroke={1.6} /></ActionIcon>
              </Tooltip>
            )}
            {!isShut && <span className={classes.hint}>{t(isDropping ? "tickets.attach.drop" : "tickets.enterHint")}</span>}
            {isShut ? (
              hasTemplates && <Button className={classes.send} leftSection={<IconTemplate size={16} stroke={1.8} />} onClick={onTemplate}>{t("tickets.sendTemplate")}</Button>
            ) : (
              <Button className={classes.send} disabled={!isSendable} rightSection={<IconSend size={15} stroke={1.8} />} onClick={send}>{t(isReply ? "tickets.send" : "tickets.addNote")}</Button>
            )}
          </div>
        )}
        <input ref={chooser} type="file" multiple hidden aria-hidden tabIndex={-1} onChange={(event) => { files.add([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
      </div>
    </div>
  );
}
