import { IconCornerDownRight, IconExternalLink, IconForms, IconList, IconMapPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./tappable.module.css";
import type { Message } from "./api/list-messages";

type Choice = { id: string; title: string; description?: string };
/** tickets/services/interactive.py: what was offered, unless its lines stand in the text already. */
type Asked = { kind: string; button?: string; url?: string; choices?: Choice[]; sections?: { title?: string; choices: Choice[] }[]; footer?: string };

/** What the customer can tap below a message; or, at a typed answer, which choice it means. */
export function Tappable({ payload }: { payload: Message["payload"] }) {
  const { t } = useTranslation();
  const { asked, is_downgraded: isText, chosen } = payload as { asked?: Asked; is_downgraded?: boolean; chosen?: Choice };
  if (chosen) return <span className={classes.chosen}><IconCornerDownRight size={14} stroke={1.8} />{t("tickets.chosen", { title: chosen.title })}</span>;
  if (!asked || isText) return null;
  const label = asked.kind === "location_request" ? t("tickets.sendLocation") : asked.button;
  const Icon = { list: IconList, link: IconExternalLink, form: IconForms, location_request: IconMapPin }[asked.kind];
  return (
    <span className={classes.tappable}>
      {asked.footer && <small className={classes.footer}>{asked.footer}</small>}
      {asked.choices?.map(({ id, title }) => <span key={id} className={classes.button}>{title}</span>)}
      {Icon && <span className={classes.button}><Icon size={15} stroke={1.8} />{asked.kind === "link" ? <a href={asked.url} target="_blank" rel="noopener noreferrer">{label}</a> : label}</span>}
      {asked.sections?.map(({ title, choices }, place) => (
        <span key={place} className={classes.section}>
          {title && <small className={classes.footer}>{title}</small>}
          {choices.map((choice) => <span key={choice.id} className={classes.row}>{choice.title}{choice.description && <small>{choice.description}</small>}</span>)}
        </span>
      ))}
    </span>
  );
}
