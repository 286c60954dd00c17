import { ActionIcon, Menu } from "@mantine/core";
import { IconChevronDown, IconCornerUpLeft, IconFile, IconMapPin, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatPhone, formatTime } from "@/lib/format";
import type { PhoneEntry } from "./api/play-customers";
import { HandsetQuote } from "./handset-quote";
import { insideOf, type Shown } from "./phone-talk";
import classes from "./phone.module.css";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

type Props = { entry: Shown; company: string; onReply: (entry: PhoneEntry) => void; onReact: (entry: PhoneEntry, emoji: string) => void };

/** One message as the customer's phone shows it, and what the customer can do with it. */
export function HandsetEntry({ entry, company, onReply, onReact }: Props) {
  const { t, i18n } = useTranslation();
  const { location, contacts } = insideOf(entry);
  return (
    <div className={classes.entry} data-side={entry.side} data-kind={entry.kind}>
      {entry.template && <span className={classes.kind}>{t("connectors.phone.template", { name: entry.template })}</span>}
      {entry.quoted && <HandsetQuote quoted={entry.quoted} company={company} />}
      {entry.link && <PhoneFile entry={entry} link={entry.link} />}
      {location && (
        <a className={classes.card} href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}`} target="_blank" rel="noopener noreferrer">
          <IconMapPin size={18} stroke={1.6} /><span>{location.name || `${location.latitude}, ${location.longitude}`}{location.address && <small>{location.address}</small>}</span>
        </a>
      )}
      {contacts?.map((card, index) => <span key={index} className={classes.card}><IconUser size={18} stroke={1.6} /><span>{card.name.formatted_name}<small>{card.phones.map(({ phone }) => formatPhone(phone)).join(", ")}</small></span></span>)}
      {!location && !contacts && entry.body}
      <time className="tabular">{formatTime(entry.at, i18n.language)}</time>
      <Menu position="bottom-end" width={250}>
        <Menu.Target><ActionIcon size={22} radius={999} className={classes.about} aria-label={t("connectors.phone.about")}><IconChevronDown size={15} stroke={2} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <div className={classes.emojis} role="group" aria-label={t("connectors.phone.react")}>
            {EMOJIS.map((emoji) => <Menu.Item key={emoji} component="button" className={classes.emoji} aria-pressed={emoji === entry.isReactedWith} onClick={() => onReact(entry, emoji === entry.isReactedWith ? "" : emoji)}>{emoji}</Menu.Item>)}
          </div>
          <Menu.Item leftSection={<IconCornerUpLeft size={16} stroke={1.6} />} onClick={() => onReply(entry)}>{t("connectors.phone.reply")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {entry.reactions.length > 0 && <span className={classes.reactions}>{entry.reactions.map((emoji, index) => <span key={index}>{emoji}</span>)}</span>}
    </div>
  );
}

function PhoneFile({ entry, link }: { entry: PhoneEntry; link: string }) {
  const { t } = useTranslation();
  const name = entry.filename || t("connectors.phone.file");
  const kind = entry.file_kind ?? entry.kind;
  // A template's header may be a link to somebody else's server, which this page does not fetch from.
  if (!link.startsWith("/") && !link.startsWith("data:")) return <a className={classes.card} href={link} target="_blank" rel="noopener noreferrer"><IconFile size={18} stroke={1.6} /><span>{name}</span></a>;
  if (kind === "image" || kind === "sticker") return <img className={classes.picture} data-kind={kind} src={link} alt={name} />;
  if (kind === "video") return <video className={classes.picture} src={link} controls preload="metadata" aria-label={name} />;
  if (kind === "audio") return <audio className={classes.audio} src={link} controls preload="metadata" aria-label={t("connectors.phone.sound")} />;
  return <a className={classes.card} href={link} download={entry.filename}><IconFile size={18} stroke={1.6} /><span>{name}</span></a>;
}
