import { IconBattery3 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PersonAvatar } from "@/components/person-avatar";
import { formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import classes from "./phone-screen.module.css";

/** A customer's phone with a conversation on it. Decoration around what is looked at: it takes no taps. */
export function PhoneScreen({ name, children }: { name: string; children: ReactNode }) {
  const { i18n } = useTranslation();
  const now = useNow();
  return (
    <div className={classes.phone}>
      <div className={classes.screen}>
        <div className={classes.status} aria-hidden><span className="tabular">{formatTime(now, i18n.language)}</span><IconBattery3 size={16} stroke={1.6} /></div>
        <div className={classes.bar}><PersonAvatar name={name} size={28} /><span className="ellipsis">{name}</span></div>
        <div className={classes.talk}>{children}</div>
      </div>
    </div>
  );
}

type Bubble = { label: string; media?: ReactNode; header?: ReactNode; body?: ReactNode; footer?: ReactNode; buttons?: ReactNode[] };

/** One message of the company's, as a customer sees it. */
export function PhoneBubble({ label, media, header, body, footer, buttons = [] }: Bubble) {
  const { i18n } = useTranslation();
  const now = useNow();
  return (
    <div className={classes.bubble} role="figure" aria-label={label}>
      {media}
      {header && <strong className={classes.header}>{header}</strong>}
      {body && <div className={classes.body}>{body}</div>}
      {footer && <div className={classes.footer}>{footer}</div>}
      <time className="tabular">{formatTime(now, i18n.language)}</time>
      {buttons.length > 0 && <div className={classes.buttons}>{buttons.map((button, place) => <span key={place}>{button}</span>)}</div>}
    </div>
  );
}
