import { IconHelpHexagon, IconPhone, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Message } from "./api/list-messages";
import classes from "./bubble.module.css";
import { Marked } from "./finding/marked";
import { Attached } from "./media/attached";
import mediaClasses from "./media/media.module.css";
import { ContactCards, PlaceCard } from "./media/place";
import { cardsOf, placeOf } from "./payload";
import { Tappable } from "./tappable";

export type Content = Pick<Message, "kind" | "body" | "payload" | "media">;

const icons: Partial<Record<Message["kind"], Icon>> = { call: IconPhone, unknown: IconHelpHexagon };

/** What a message says: its text, and a card for what is not text. Kinds that nobody knows are shown as such, never hidden. */
export function BubbleBody({ content }: { content: Content }) {
  const { t } = useTranslation();
  const { kind, body, payload, media } = content;
  const place = kind === "location" ? placeOf(payload) : null;
  const cards = kind === "contacts" ? cardsOf(payload) : [];
  const Icon = icons[kind];
  const isCard = Boolean(media ?? place ?? Icon) || cards.length > 0;
  const isSaidByCard = place !== null || cards.length > 0 || (media !== null && body === media.filename);
  const words = isSaidByCard ? "" : body;
  return (
    <>
      {media && <Attached media={media} kind={kind} />}
      {place && <PlaceCard place={place} />}
      {cards.length > 0 && <ContactCards cards={cards} />}
      {Icon && (
        <div className={mediaClasses.card}>
          <span className={mediaClasses.icon}><Icon size={20} stroke={1.6} /></span>
          <span className={mediaClasses.words}>
            <span className={mediaClasses.name}>{t(`tickets.kind.${kind}`)}</span>
            {kind === "unknown" && <span className={mediaClasses.sub}>{t("tickets.unknownText")}</span>}
          </span>
        </div>
      )}
      {words ? <span className={classes.text}><Marked text={words} /></span> : isCard ? <span className={classes.text} /> : <span className={`${classes.text} ${classes.odd}`}>{t(`tickets.kind.${kind}`)}</span>}
      <Tappable payload={payload} />
    </>
  );
}
