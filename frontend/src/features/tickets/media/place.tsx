import { IconExternalLink, IconMapPin, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatPhone } from "@/lib/format";
import { type Card, type Place } from "../payload";
import classes from "./media.module.css";

export const mapOf = ({ latitude, longitude }: Pick<Place, "latitude" | "longitude">) => `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

export function PlaceCard({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <a className={classes.card} href={mapOf(place)} target="_blank" rel="noopener noreferrer">
      <span className={classes.icon}><IconMapPin size={20} stroke={1.6} /></span>
      <span className={classes.words}>
        <span className={classes.name}>{place.name || t("tickets.kind.location")}</span>
        <span className={classes.sub}>{place.address || `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`}</span>
        <span className={classes.linkLine}>{t("tickets.media.map")}<IconExternalLink size={12} stroke={2} /></span>
      </span>
    </a>
  );
}

export function ContactCards({ cards }: { cards: Card[] }) {
  return cards.map((card, index) => (
    <div key={index} className={classes.card}>
      <span className={classes.icon}><IconUser size={20} stroke={1.6} /></span>
      <span className={classes.words}>
        <span className={classes.name}>{card.name}</span>
        {card.company && <span className={classes.sub}>{card.company}</span>}
        {card.phones.map((phone) => <a key={phone} className={classes.sub} href={`tel:${phone}`}>{formatPhone(phone)}</a>)}
      </span>
    </div>
  ));
}
