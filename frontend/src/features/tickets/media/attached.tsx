import { Loader } from "@mantine/core";
import { IconFileAlert } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorToast } from "@/components/error-words";
import { type Media, useRetryMedia } from "../api/get-media";
import { Document } from "./document";
import classes from "./media.module.css";
import { Photo, Sticker } from "./photo";
import { Sound } from "./sound";
import { Video } from "./video";

type Props = { media: Media; kind: string };

/** The file of a message, as what it was sent; or that it is on its way, or why it is not here. */
export function Attached({ media, kind: said }: Props) {
  const kind = said === "template" ? media.kind : said; // what stands above a template's text is shown as what it is
  if (media.state === "failed") return <Failed media={media} />;
  if (media.state !== "ready") return <Coming kind={media.kind} />;
  if (kind === "sticker" && media.is_inline) return <Sticker media={media} />;
  if (kind === "image" && media.is_inline) return <Photo media={media} />;
  if (kind === "video" && media.is_inline) return <Video media={media} />;
  if (kind === "audio" && media.is_inline) return <Sound media={media} />;
  return <Document media={media} />;
}

function Coming({ kind }: { kind: Media["kind"] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.card}>
      <span className={classes.icon}><Loader size={18} color="gray" /></span>
      <span className={classes.words}>
        <span className={classes.name}>{t(`tickets.kind.${kind}`)}</span>
        <span className={classes.sub}>{t("tickets.media.downloading")}</span>
      </span>
    </div>
  );
}

function Failed({ media }: { media: Media }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const retry = useRetryMedia();
  return (
    <div className={classes.card}>
      <span className={classes.icon} data-bad><IconFileAlert size={20} stroke={1.6} /></span>
      <span className={classes.words}>
        <span className={classes.name}>{media.filename || t(`tickets.kind.${media.kind}`)}</span>
        <span className={classes.bad}>{media.error || t("tickets.media.failed")}</span>
        <button type="button" className={classes.textButton} disabled={retry.isPending} onClick={() => retry.mutate(media.id, { onError: toast })}>{t("common.retry")}</button>
      </span>
    </div>
  );
}
