import { ActionIcon, Progress } from "@mantine/core";
import { IconFile, IconMicrophone, IconMusic, IconVideo, IconX, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { formatBytes } from "@/lib/format";
import { BlobImage } from "../media/blob-image";
import classes from "./composing.module.css";
import type { Attachment } from "./use-attachments";

const iconFor = ({ file, isVoice }: Attachment): Icon => (isVoice ? IconMicrophone : file.type.startsWith("video/") ? IconVideo : file.type.startsWith("audio/") ? IconMusic : IconFile);

/** A file that was refused for what it is will be refused again. */
const mayHelp = (error: unknown) => !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;

type Props = { items: Attachment[]; onRetry: (item: Attachment) => void; onRemove: (key: string) => void };

/** What goes with the next message, and how far it got. */
export function AttachmentStrip({ items, onRetry, onRemove }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  return (
    <ul className={classes.strip} aria-label={t("tickets.attach.list")}>
      {items.map((item) => {
        const FileIcon = iconFor(item);
        const name = item.isVoice ? t("tickets.media.voice") : item.file.name;
        return (
          <li key={item.key} className={classes.file} data-bad={item.error !== null || undefined}>
            <span className={classes.look}>{item.file.type.startsWith("image/") && !item.error ? <BlobImage blob={item.file} alt="" /> : <FileIcon size={22} stroke={1.6} />}</span>
            <span className={classes.fileWords}>
              <span className={`${classes.fileName} ellipsis`}>{name}</span>
              {item.error ? (
                <span className={classes.fileBad} role="alert">{words(item.error)} {mayHelp(item.error) && <button type="button" className={classes.again} onClick={() => onRetry(item)}>{t("common.retry")}</button>}</span>
              ) : (
                <span className={classes.fileSub}>{item.media ? formatBytes(item.file.size, i18n.language) : t("tickets.attach.uploading")}</span>
              )}
              {!item.media && !item.error && <Progress size={3} value={item.share * 100} aria-label={t("tickets.attach.progress", { name })} />}
            </span>
            <ActionIcon size={22} radius={999} aria-label={t("tickets.attach.remove", { name })} onClick={() => onRemove(item.key)}><IconX size={14} stroke={2} /></ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}
