import { IconFile, IconHelpHexagon, IconMapPin, IconMicrophone, IconPhone, IconPhoto, IconSticker, IconUser, IconVideo, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import type { Message } from "./api/list-messages";
import classes from "./bubble.module.css";

const icons: Partial<Record<Message["kind"], Icon>> = { image: IconPhoto, video: IconVideo, audio: IconMicrophone, document: IconFile, sticker: IconSticker, location: IconMapPin, contacts: IconUser, call: IconPhone, unknown: IconHelpHexagon };

const object = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** What a message says: its text, and a card for what is not text. Kinds that nobody knows are shown as such, never hidden. */
export function BubbleBody({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  const Icon = icons[message.kind];
  const media = object(message.payload.media);
  const filename = text(media.filename) || text(message.payload.filename);
  const size = typeof media.size_bytes === "number" ? formatBytes(media.size_bytes, i18n.language) : "";
  const isGone = message.kind === "revoke";
  const isCard = Icon !== undefined;
  const caption = message.body && message.body !== filename ? message.body : "";
  return (
    <>
      {isCard && (
        <div className={classes.media}>
          <span className={classes.mediaIcon}><Icon size={20} stroke={1.6} /></span>
          <div>
            <div className={classes.mediaName}>{filename || t(`tickets.kind.${message.kind}`)}</div>
            <div className={classes.mediaSub}>{[text(media.mime_type), size].filter(Boolean).join(" · ") || (message.kind === "unknown" ? t("tickets.unknownText") : "")}</div>
          </div>
        </div>
      )}
      {isGone && <span className={`${classes.text} ${classes.odd}`}>{t("tickets.kind.revoke")}</span>}
      {!isGone && (caption || !isCard) && <span className={caption ? classes.text : `${classes.text} ${classes.odd}`}>{caption || t(`tickets.kind.${message.kind}`)}</span>}
    </>
  );
}
