import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerStopFilled, IconSend, IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/format";
import { usePlayer } from "../media/use-player";
import classes from "./composing.module.css";
import type { Recording } from "./use-recorder";

type Props = { startedAt: number | null; recording: Recording | null; onStop: () => void; onCancel: () => void; onSend: () => void };

/** In the place of the text box while the microphone is on, and while what it heard can be listened to. */
export function RecordingBar({ startedAt, recording, onStop, onCancel, onSend }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.recording}>
      {startedAt !== null && <Running startedAt={startedAt} onStop={onStop} />}
      {recording && <Heard recording={recording} />}
      <Tooltip label={t("tickets.record.cancel")}>
        <ActionIcon aria-label={t("tickets.record.cancel")} onClick={onCancel}><IconTrash size={19} stroke={1.6} /></ActionIcon>
      </Tooltip>
      <Button rightSection={<IconSend size={15} stroke={1.8} />} onClick={onSend} data-autofocus>{t("tickets.send")}</Button>
    </div>
  );
}

function Running({ startedAt, onStop }: { startedAt: number; onStop: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(startedAt);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(clock);
  }, []);
  return (
    <>
      <span className={classes.live} role="status"><span className="visually-hidden">{t("tickets.record.on")}</span></span>
      <span className="tabular" aria-hidden>{formatClock((now - startedAt) / 1000)}</span>
      <span className={`${classes.recordingHint} ellipsis`}>{t("tickets.record.on")}</span>
      <Tooltip label={t("tickets.record.listen")}>
        <ActionIcon variant="light" color="red" radius={999} aria-label={t("tickets.record.listen")} onClick={onStop}><IconPlayerStopFilled size={15} /></ActionIcon>
      </Tooltip>
    </>
  );
}

function Heard({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const { audio, element, isPlaying, at, toggle, seek } = usePlayer();
  const name = t("tickets.record.mine");
  const PlayIcon = isPlaying ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  return (
    <>
      <ActionIcon variant="filled" color="brand" radius={999} aria-label={t(isPlaying ? "tickets.media.pause" : "tickets.media.play", { name })} onClick={toggle}><PlayIcon size={14} /></ActionIcon>
      <input type="range" className={classes.position} aria-label={t("tickets.media.position")} min={0} max={recording.seconds || 1} step={0.1} value={Math.min(at, recording.seconds)} onChange={(event) => seek(Number(event.currentTarget.value))} />
      <span className="tabular">{formatClock(isPlaying || at > 0 ? at : recording.seconds)}</span>
      <audio ref={audio} src={recording.address} {...element} />
    </>
  );
}
