import { IconDownload, IconFile, IconFileText, IconFileTypePdf, IconFileZip, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import type { Media } from "../api/get-media";
import classes from "./media.module.css";
import { useDownload } from "./use-download";

const icons: [RegExp, Icon][] = [[/^application\/pdf$/, IconFileTypePdf], [/zip|compressed/, IconFileZip], [/text|word|sheet|document/, IconFileText]];

const endingOf = (filename: string) => /\.([a-z0-9]{1,5})$/i.exec(filename)?.[1]?.toUpperCase() ?? "";

export function Document({ media }: { media: Media }) {
  const { t, i18n } = useTranslation();
  const download = useDownload();
  const FileIcon = icons.find(([types]) => types.test(media.mime_type))?.[1] ?? IconFile;
  const name = media.filename || t("tickets.kind.document");
  const size = media.size_bytes === null ? "" : formatBytes(media.size_bytes, i18n.language);
  return (
    <button type="button" className={classes.card} aria-label={t("tickets.media.download", { name })} onClick={() => void download(media)}>
      <span className={classes.icon}><FileIcon size={20} stroke={1.6} /></span>
      <span className={classes.words}>
        <span className={classes.name}>{name}</span>
        <span className={classes.sub}>{[endingOf(media.filename), size].filter(Boolean).join(" · ")}</span>
      </span>
      <IconDownload size={18} stroke={1.6} className={classes.quiet} />
    </button>
  );
}
