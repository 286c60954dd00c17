import { ActionIcon, Button } from "@mantine/core";
import { IconSend, IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/format";
import classes from "./composing.module.css";

/** In the place of the text box while the microphone is on. */
export function RecordingBar({ startedAt, onCancel, onSend }: { startedAt: number; onCancel: () => void; onSend: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(startedAt);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(clock);
  }, []);
  return (
    <div className={classes.recording}>
      <span className={classes.live} role="status"><span className="visually-hidden">{t("tickets.record.on")}</span></span>
      <span className="tabular" aria-hidden>{formatClock((now - startedAt) / 1000)}</span>
      <span className={`${classes.recordingHint} ellipsis`}>{t("tickets.record.on")}</span>
      <ActionIcon aria-label={t("tickets.record.cancel")} onClick={onCancel}><IconTrash size={19} stroke={1.6} /></ActionIcon>
      <Button rightSection={<IconSend size={15} stroke={1.8} />} onClick={onSend} data-autofocus>{t("tickets.send")}</Button>
    </div>
  );
}
