import { IconFile, IconMapPin, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatPhone, formatTime } from "@/lib/format";
import type { PhoneEntry } from "./api/play-customers";
import classes from "./phone.module.css";

type Place = { latitude: number; longitude: number; name?: string; address?: string };
type Card = { name: { formatted_name: string }; phones: { phone: string }[] };

/** One message as the customer's phone shows it. */
export function HandsetEntry({ entry }: { entry: PhoneEntry }) {
  const { t, i18n } = useTranslation();
  const { location, contacts } = (entry.payload ?? {}) as { location?: Place; contacts?: Card[] };
  return (
    <div className={classes.entry} data-side={entry.side} data-kind={entry.kind}>
      {entry.template && <span className={classes.kind}>{t("connectors.phone.template", { name: entry.template })}</span>}
      {entry.link && <PhoneFile entry={entry} link={entry.link} />}
      {location && (
        <a className={classes.card} href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}`} target="_blank" rel="noopener noreferrer">
          <IconMapPin size={18} stroke={1.6} /><span>{location.name || `${location.latitude}, ${location.longitude}`}{location.address && <small>{location.address}</small>}</span>
        </a>
      )}
      {contacts?.map((card, index) => <span key={index} className={classes.card}><IconUser size={18} stroke={1.6} /><span>{card.name.formatted_name}<small>{card.phones.map(({ phone }) => formatPhone(phone)).join(", ")}</small></span></span>)}
      {!location && !contacts && entry.body}
      <time className="tabular">{formatTime(entry.at, i18n.language)}</time>
    </div>
  );
}

function PhoneFile({ entry, link }: { entry: PhoneEntry; link: string }) {
  const { t } = useTranslation();
  const name = entry.filename || t("connectors.phone.file");
  if (entry.kind === "image" || entry.kind === "sticker") return <img className={classes.picture} data-kind={entry.kind} src={link} alt={name} />;
  if (entry.kind === "video") return <video className={classes.picture} src={link} controls preload="metadata" aria-label={name} />;
  if (entry.kind === "audio") return <audio className={classes.audio} src={link} controls preload="metadata" aria-label={t("connectors.phone.sound")} />;
  return <a className={classes.card} href={link} download={entry.filename}><IconFile size={18} stroke={1.6} /><span>{name}</span></a>;
}
