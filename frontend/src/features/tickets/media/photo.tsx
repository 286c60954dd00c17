import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Media, useFileLink } from "../api/get-media";
import { thumbnailQuery } from "@/api/files";
import { BlobImage } from "@/components/blob-image";
import { shownLater } from "@/lib/shown-later";
import classes from "./media.module.css";
import { boxOf } from "./box-of";

const Lightbox = shownLater(() => import("./lightbox").then((part) => part.Lightbox));

/** A small picture that opens the whole one. Its place is known before it is there, so that nothing jumps. */
export function Photo({ media }: { media: Media }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const name = media.filename || t("tickets.kind.image");
  return (
    <>
      <button type="button" className={classes.photo} style={boxOf(media)} aria-label={t("tickets.media.open", { name })} onClick={() => setIsOpen(true)}>
        <Picture media={media} name={name} />
      </button>
      {isOpen && <Lightbox media={media} onClose={() => setIsOpen(false)} />}
    </>
  );
}

export function Sticker({ media }: { media: Media }) {
  const { t } = useTranslation();
  return <span className={classes.sticker}><Picture media={media} name={t("tickets.kind.sticker")} isWhole={media.is_animated} /></span>;
}

function Picture({ media, name, isWhole = false }: { media: Media; name: string; isWhole?: boolean }) {
  const isSmall = media.thumbnail_url !== null && !isWhole;
  const thumbnail = useQuery({ ...thumbnailQuery(media), enabled: isSmall });
  const { link, onError } = useFileLink(media.id, !isSmall);
  if (isSmall) return thumbnail.data ? <BlobImage blob={thumbnail.data} alt={name} /> : null;
  return link.data ? <img src={link.data.url} alt={name} onError={onError} /> : null;
}
