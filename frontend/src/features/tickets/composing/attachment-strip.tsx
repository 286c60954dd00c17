import { ActionIcon, Progress } from "@mantine/core";
import { IconFile, IconMicrophone, IconMusic, IconVideo, IconX, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { thumbnailQuery } from "@/api/files";
import { ApiError } from "@/api/client";
import { BlobImage } from "@/components/blob-image";
import { useErrorWords } from "@/components/error-words";
import { formatBytes } from "@/lib/format";
import type { Media } from "../api/get-media";
import classes from "./composing.module.css";
import type { Attachment } from "./use-attachments";

const typeOf = ({ file, media }: Attachment) => file?.type ?? media?.mime_type ?? "";
const icons: [RegExp, Icon][] = [[/^video\//, IconVideo], [/^audio\//, IconMusic]];

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
        const kind = item.as ?? item.media?.kind ?? "document";
        const name = item.isVoice ? t("tickets.media.voice") : item.file?.name || item.media?.filename || t(`tickets.kind.${kind}`);
        const size = item.file?.size ?? item.media?.size_bytes ?? 0;
        const sub = [item.as && t(`tickets.kind.${item.as}`), formatBytes(size, i18n.language)].filter(Boolean).join(" · ");
        return (
          <li key={item.key} className={classes.file} data-bad={item.error !== null || undefined}>
            <span className={classes.look}><Look item={item} /></span>
            <span className={classes.fileWords}>
              <span className={`${classes.fileName} ellipsis`}>{name}</span>
              {item.error ? (
                <span className={classes.fileBad} role="alert">{words(item.error)} {mayHelp(item.error) && <button type="button" className={classes.again} onClick={() => onRetry(item)}>{t("common.retry")}</button>}</span>
              ) : (
                <span className={classes.fileSub}>{item.media ? sub : t("tickets.attach.uploading")}</span>
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

function Look({ item }: { item: Attachment }) {
  if (item.file?.type.startsWith("image/") && !item.error) return <BlobImage blob={item.file} alt="" />;
  if (!item.file && item.media?.thumbnail_url) return <Small media={item.media} />;
  const FileIcon = item.isVoice ? IconMicrophone : (icons.find(([types]) => types.test(typeOf(item)))?.[1] ?? IconFile);
  return <FileIcon size={22} stroke={1.6} />;
}

function Small({ media }: { media: Media }) {
  const thumbnail = useQuery(thumbnailQuery(media)).data;
  return thumbnail ? <BlobImage blob={thumbnail} alt="" /> : null;
}
