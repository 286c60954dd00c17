import { ActionIcon } from "@mantine/core";
import { IconMicrophone, IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes, formatClock } from "@/lib/format";
import { type Media, useFileLink } from "../api/get-media";
import classes from "./media.module.css";
import { usePlayer } from "./use-player";

/** Voice notes and other sound: play, and where it is. */
export function Sound({ media }: { media: Media }) {
  const { t, i18n } = useTranslation();
  const [isWanted, setIsWanted] = useState(false);
  const { link, onError } = useFileLink(media.id, isWanted);
  const { audio, element, isPlaying, at, length, toggle, seek } = usePlayer();
  const name = t(media.is_voice ? "tickets.media.voice" : "tickets.kind.audio");
  const size = media.size_bytes === null ? "" : formatBytes(media.size_bytes, i18n.language);
  const PlayIcon = isPlaying ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  return (
    <div className={classes.sound}>
      <ActionIcon variant="filled" color="brand" radius={999} size={36} loading={link.isFetching && !link.data} aria-label={t(isPlaying ? "tickets.media.pause" : "tickets.media.play", { name })} onClick={() => (link.data ? toggle() : setIsWanted(true))}>
        <PlayIcon size={16} />
      </ActionIcon>
      <div className={classes.track}>
        <input type="range" className={classes.range} aria-label={t("tickets.media.position")} min={0} max={length || 1} step={0.1} value={at} disabled={!length} onChange={(event) => seek(Number(event.currentTarget.value))} />
        <span className={`${classes.soundMeta} tabular`}>
          {media.is_voice && <IconMicrophone size={12} stroke={2} />}
          {length ? `${formatClock(at)} / ${formatClock(length)}` : [media.filename || name, size].filter(Boolean).join(" · ")}
        </span>
      </div>
      {link.data && <audio ref={audio} src={link.data.url} autoPlay preload="metadata" {...element} onError={onError} />}
    </div>
  );
}
