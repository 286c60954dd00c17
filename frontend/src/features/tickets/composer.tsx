import { ActionIcon, Button, Group, SegmentedControl, Textarea } from "@mantine/core";
import { IconCalendarClock, IconClockHour4, IconClockOff, IconSend, IconTemplate, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/format";
import type { Message } from "./api/list-messages";
import classes from "./composer.module.css";
import { AttachmentStrip } from "./composing/attachment-strip";
import { ComposerTools } from "./composing/composer-tools";
import composing from "./composing/composing.module.css";
import { RecordingBar } from "./composing/recording-bar";
import { ReplyBar } from "./composing/reply-bar";
import { type ToSend, useAttachments } from "./composing/use-attachments";
import { useFileDrop } from "@/lib/use-file-drop";
import { useRecorder } from "./composing/use-recorder";
import { CollisionBar } from "./collision-bar";
import type { Draft } from "./outbox";
import { MissingBar, missingIn } from "./replies/missing-bar";
import { ReplyList } from "./replies/reply-list";
import { useReplyPick } from "./replies/use-reply-pick";
import { useSlash } from "./replies/use-slash";
import { useCollision } from "./use-collision";
import { useDraftKeeper } from "./use-draft-keeper";
import { useWritingCommands } from "./use-writing-commands";

export type Mode = "message" | "note";
type Props = {
  ticketId: number;
  closesAt: string | null;
  now: number;
  hasTemplates: boolean;
  kinds: string[];
  replyTo: Message | null;
  onCancelReply: () => void;
  onSend: (text: string, mode: Mode, files: ToSend[]) => void;
  onSay: (draft: Draft) => void;
  onTemplate: () => void;
  onLater: (text: string, file: ToSend | undefined, onDone: () => void) => void;
};

const SOON = 60 * 60_000;
const FILES = ["image", "video", "audio", "document"];

/** Reply or note. Outside the customer service window only templates go, and notes. `kinds`: what the gateway can carry. */
export function Composer({ ticketId, closesAt, now, hasTemplates, kinds, replyTo, onCancelReply, onSend, onSay, onTemplate, onLater }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useAttachments();
  const { text, setText, mode, setMode, lostFiles, forgiveFiles } = useDraftKeeper(ticketId, files.items.length);
  const { collision, types, holds, forget } = useCollision(ticketId);
  useWritingCommands(box, setMode);
  const recorder = useRecorder();
  const left = closesAt === null ? null : Date.parse(closesAt) - now;
  const isReply = mode === "message";
  const isShut = isReply && left !== null && left <= 0;
  const canAttach = isReply && !isShut && kinds.some((kind) => FILES.includes(kind));
  const isDropping = useFileDrop(canAttach, files.add);
  const label = t(isReply ? "tickets.placeholder" : "tickets.notePlaceholder");
  const shown = isReply ? files.ready : [];
  const missing = isReply && !isShut ? missingIn(text) : [];
  const isSendable = !isShut && missing.length === 0 && (isReply ? files.isReady && (Boolean(text.trim()) || shown.length > 0) : Boolean(text.trim()));

  const write = (value: string) => {
    types(text, value, !isReply);
    setText(value);
  };
  const { isFilling, pick } = useReplyPick({ ticketId, box, write, onFile: files.addStored });
  const slash = useSlash(box, isReply && !isShut && !isFilling, pick);
  const send = () => {
    if (!isSendable || (isReply && holds())) return;
    onSend(text.trim(), mode, shown);
    if (isReply) files.clear();
    setText("");
    forgiveFiles();
    forget();
  };
  const later = () => onLater(text.trim(), shown[0], () => {
    files.clear();
    setText("");
    forget();
  });
  const sendVoice = async () => {
    const recording = await recorder.take();
    const voice = recording && (await files.addVoice(recording));
    if (voice) onSend("", "message", [{ media: voice }]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (slash.onKeyDown(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (!canAttach || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    files.add([...event.clipboardData.files]);
  };
  const select = (start: number, end: number) => {
    box.current?.focus();
    box.current?.setSelectionRange(start, end);
  };
  const openReplies = () => {
    const at = box.current?.selectionStart ?? text.length;
    const before = text.slice(0, at);
    const joint = before === "" || /\s$/.test(before) ? "/" : " /";
    const written = before + joint + text.slice(at);
    write(written);
    slash.look(written, at + joint.length);
    requestAnimationFrame(() => select(at + joint.length, at + joint.length));
  };
  const pointAt = (name: string) => {
    const found = new RegExp(`{{\\s*${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*(\\|[^{}]*)?}}`).exec(text);
    if (found) select(found.index, found.index + found[0].length);
  };

  return (
    <div className={classes.wrap}>
      <div className={classes.box} data-mode={mode} data-dropping={isDropping || undefined}>
        {slash.isOpen && <ReplyList slash={slash} />}
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
        {collision && <CollisionBar collision={collision} onSend={send} onStay={forget} />}
        {lostFiles > 0 && (
          <div className={composing.problem} role="status">
            <span>{t("tickets.attach.lost", { count: lostFiles })}</span>
            <ActionIcon size={22} aria-label={t("common.close")} onClick={forgiveFiles}><IconX size={14} stroke={2} /></ActionIcon>
          </div>
        )}
        {isReply && !isShut && replyTo && <ReplyBar message={replyTo} onCancel={onCancelReply} />}
        {missing.length > 0 && <MissingBar names={missing} onPoint={pointAt} />}
        {isReply && files.items.length > 0 && <AttachmentStrip items={files.items} onRetry={files.retry} onRemove={files.remove} />}
        {isShut ? (
          <div className={classes.closed}><IconClockOff size={18} stroke={1.7} />{t(hasTemplates ? "tickets.windowClosed" : "tickets.windowClosedNoTemplate")}</div>
        ) : recorder.isBusy ? (
          <RecordingBar startedAt={recorder.startedAt} recording={recorder.recording} onStop={() => void recorder.stop()} onCancel={recorder.cancel} onSend={() => void sendVoice()} />
        ) : (
          <Textarea ref={box} variant="unstyled" autosize minRows={1} maxRows={8} aria-label={label} placeholder={shown.length ? t("tickets.attach.caption") : label} value={text} readOnly={isFilling} {...slash.aria} onBlur={slash.shut} onKeyUp={slash.lookAtBox} onClick={slash.lookAtBox}
            onChange={(event) => { write(event.currentTarget.value); slash.look(event.currentTarget.value, event.currentTarget.selectionStart); }} onKeyDown={onKeyDown} onPaste={onPaste} classNames={{ input: classes.input }} />
        )}
        {!recorder.isBusy && (
          <div className={classes.bottom}>
            {isReply && !isShut && <ComposerTools kinds={kinds} hasTemplates={hasTemplates} onFiles={files.add} onSay={onSay} onRecord={() => void recorder.start()} onReplies={openReplies} onTemplate={onTemplate} />}
            {!isShut && <span className={classes.hint}>{t(isDropping ? "tickets.attach.drop" : "tickets.enterHint")}</span>}
            {isShut ? (
              hasTemplates && (
                <Group gap={6} className={classes.send} wrap="nowrap">
                  <ActionIcon variant="subtle" size={32} aria-label={t("tickets.later.title")} title={t("tickets.later.title")} onClick={() => onLater("", undefined, () => undefined)}><IconCalendarClock size={18} stroke={1.7} /></ActionIcon>
                  <Button leftSection={<IconTemplate size={16} stroke={1.8} />} onClick={onTemplate}>{t("tickets.sendTemplate")}</Button>
                </Group>
              )
            ) : (
              <Group gap={6} className={classes.send} wrap="nowrap">
                {isReply && <ActionIcon variant="subtle" size={32} aria-label={t("tickets.later.title")} title={t("tickets.later.title")} disabled={!isSendable || shown.length > 1} onClick={later}><IconCalendarClock size={18} stroke={1.7} /></ActionIcon>}
                <Button disabled={!isSendable} rightSection={<IconSend size={15} stroke={1.8} />} onClick={send}>{t(isReply ? "tickets.send" : "tickets.addNote")}</Button>
              </Group>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
