import { useTranslation } from "react-i18next";
import { ColleagueAvatar } from "./colleague-avatar";
import classes from "./present-avatar.module.css";

export type Presence = "online" | "away" | "offline" | null;

/** A colleague's face with a dot for whether they are here. `presence` null: nobody knows, so nothing is claimed. */
export function PresentAvatar({ colleague, size, presence }: { colleague: { id: number; name: string }; size: number; presence: Presence }) {
  return (
    <span className={classes.avatar}>
      <ColleagueAvatar colleague={colleague} size={size} />
      <PresenceDot presence={presence} />
    </span>
  );
}

/** By shape as well as colour: full is online, half is away, a ring is offline. */
export function PresenceDot({ presence }: { presence: Presence }) {
  const { t } = useTranslation();
  if (!presence) return null;
  return <span className={classes.dot} data-presence={presence} role="img" aria-label={t(`common.presence.${presence}`)} />;
}
