import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import { fileLinkQuery, type Media } from "../api/get-media";
import { boxOf } from "./box-of";
import classes from "./media.module.css";

/** Nothing of a video is fetched before somebody wants to see it. */
export function Video({ media }: { media: Media }) {
  const { t, i18n } = useTranslation();
  const [isWanted, setIsWanted] = useState(false);
  const link = useQuery({ ...fileLinkQuery(media.id), enabled: isWanted });
  if (link.data) return <video className={classes.video} style={boxOf(media)} src={link.data.url} controls autoPlay playsInline />;
  return (
    <button type="button" className={classes.photo} style={boxOf(media)} aria-label={t("tickets.media.play", { name: media.filename || t("tickets.kind.video") })} data-busy={link.isFetching || undefined} onClick={() => setIsWanted(true)}>
      <span className={classes.bigPlay}><IconPlayerPlayFilled size={22} /></span>
      {media.size_bytes !== null && <span className={classes.corner}>{formatBytes(media.size_bytes, i18n.language)}</span>}
    </button>
  );
}
