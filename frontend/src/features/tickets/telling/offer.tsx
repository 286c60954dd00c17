import { Button, CloseButton } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./telling.module.css";
import { changeTelling, useTellingSettings } from "./settings";

/** Asks for the browser's permission where its use is plain: at the list of conversations, by a click, and once. */
export function TellingOffer() {
  const { t } = useTranslation();
  const { desktop, isOfferOver } = useTellingSettings();
  const [permission, setPermission] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (permission !== "default" || isOfferOver || !desktop) return null;
  const allow = () => void Notification.requestPermission().then(setPermission);
  return (
    <div className={classes.offer}>
      <IconBell size={18} stroke={1.6} />
      <span className={classes.words}>{t("tickets.telling.offer")}</span>
      <Button variant="light" onClick={allow}>{t("tickets.telling.allow")}</Button>
      <CloseButton size="sm" aria-label={t("tickets.telling.notNow")} onClick={() => changeTelling({ isOfferOver: true })} />
    </div>
  );
}
