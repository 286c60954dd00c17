import { ActionIcon, Button, FileButton, Loader, Text } from "@mantine/core";
import { IconFile, IconMusic, IconPaperclip, IconTrash, IconVideo } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { thumbnailQuery, uploadFile } from "@/api/files";
import { formatBytes, formatPercent } from "@/lib/format";
import { BlobImage } from "./blob-image";
import { useErrorWords } from "./error-words";
import classes from "./file-field.module.css";

const icons = { image: IconFile, video: IconVideo, audio: IconMusic, document: IconFile, sticker: IconFile };
/** What WhatsApp takes above a template, by kind. */
export const acceptedFiles = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", document: "" };
type Media = Schemas["Media"];
type Props = { media: Media | null; label: string; accept?: string; error?: string; onChange: (media: Media | null) => void };

/** A file that goes along: it is uploaded as soon as it is chosen. */
export function FileField({ media, label, accept, error, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [share, setShare] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const upload = async (file: File | null) => {
    if (!file) return;
    setFailure(null);
    setShare(0);
    try {
      onChange(await uploadFile({ file, isVoice: false, onProgress: setShare, signal: new AbortController().signal }));
    } catch (reason) {
      setFailure(reason);
    }
    setShare(null);
  };
  return (
    <div>
      {media ? (
        <div className={classes.file}>
          <Look media={media} />
          <div>
            <div className="ellipsis">{media.filename || t(`common.file.kind.${media.kind}`)}</div>
            <Text size="xs" c="dimmed">{t(`common.file.kind.${media.kind}`)}{media.size_bytes ? ` · ${formatBytes(media.size_bytes, i18n.language)}` : ""}</Text>
          </div>
          <ActionIcon aria-label={t("common.file.remove")} onClick={() => onChange(null)}><IconTrash size={17} stroke={1.6} /></ActionIcon>
        </div>
      ) : share !== null ? (
        <div className={classes.file} role="status"><Loader size={18} /><div>{t("common.file.uploading", { share: formatPercent(share, i18n.language) })}</div></div>
      ) : (
        <FileButton accept={accept} onChange={(file) => void upload(file)}>
          {(props) => <Button {...props} variant="default" leftSection={<IconPaperclip size={16} stroke={1.7} />}>{label}</Button>}
        </FileButton>
      )}
      {(error || failure) !== undefined && (error || failure) !== null && <Text size="xs" c="var(--bad)" mt={4} role="alert">{error ?? words(failure)}</Text>}
    </div>
  );
}

function Look({ media }: { media: Media }) {
  const Icon = icons[media.kind];
  const { data } = useQuery(thumbnailQuery(media));
  return data ? <BlobImage blob={data} alt="" /> : <Icon size={24} stroke={1.5} />;
}
