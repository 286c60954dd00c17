import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import { type Media, useFileLink } from "../api/get-media";
import { boxOf } from "./box-of";
import classes from "./media.module.css";

/** Nothing of a video is fetched before somebody wants to see it. */
export function Video({ media }: { media: Media }) {
  const { t, i18n } = useTranslation();
  const [isWanted, setIsWanted] = useState(false);
  const { link, onError } = useFileLink(media.id, isWanted);
  if (link.data) return <video className={classes.video} style={boxOf(media)} src={link.data.url} controls autoPlay playsInline onError={onError} />;
  return (
    <button type="button" className={classes.photo} style={boxOf(media)} aria-label={t("tickets.media.play", { name: media.filename || t("tickets.kind.video") })} data-busy={link.isFetching || undefined} onClick={() => setIsWanted(true)}>
      <span className={classes.bigPlay}><IconPlayerPlayFilled size={22} /></span>
      {media.size_bytes !== null && <span className={classes.corner}>{formatBytes(media.size_bytes, i18n.language)}</span>}
    </button>
  );
}
