import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./presence-line.module.css";
import type { Collision } from "./use-collision";

/** A colleague was faster, or is about to be. */
export function CollisionBar({ collision, onSend, onStay }: { collision: Collision; onSend: () => void; onStay: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.warning} role="alert">
      <IconUsers size={18} stroke={1.7} />
      <span>{t(`tickets.collision.${collision.kind}`, { name: collision.name })}</span>
      <Button variant="default" onClick={onStay}>{t("tickets.collision.stay")}</Button>
      <Button onClick={onSend}>{t("tickets.collision.send")}</Button>
    </div>
  );
}
