import { Button, Radio, Stack, Switch } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Card, Page } from "@/components/page";
import { changeTelling, rules, useTellingSettings } from "./settings";
import { ring } from "./sound";
import classes from "./telling.module.css";

/** How this browser tells of new messages. */
export function Component() {
  const { t } = useTranslation();
  const settings = useTellingSettings();
  const volumeId = useId();
  const [permission, setPermission] = useState(() => ("Notification" in window ? Notification.permission : "unsupported"));
  const [isMute, setIsMute] = useState(false);
  const switchDesktop = async (desktop: boolean) => {
    changeTelling({ desktop });
    if (desktop && permission === "default") setPermission(await Notification.requestPermission());
  };
  return (
    <Page title={t("tickets.telling.title")} sub={t("tickets.telling.sub")} phoneBack="/settings">
      <Card className={classes.card}>
        <Stack gap="lg">
          <Switch label={t("tickets.telling.sound")} description={t("tickets.telling.soundText")} checked={settings.sound} onChange={(event) => changeTelling({ sound: event.currentTarget.checked })} />
          <div className={classes.volume}>
            <div className={classes.slider}>
              <label className={classes.label} htmlFor={volumeId}>{t("tickets.telling.volume")}</label>
              <input id={volumeId} className={classes.slider} style={{ width: "100%" }} type="range" min={0.05} max={1} step={0.05} disabled={!settings.sound} value={settings.volume} onChange={(event) => changeTelling({ volume: Number(event.currentTarget.value) })} />
            </div>
            <Button variant="default" disabled={!settings.sound} leftSection={<IconVolume size={16} stroke={1.6} />} onClick={() => void ring(settings.volume).then((isHeard) => setIsMute(!isHeard))}>{t("tickets.telling.try")}</Button>
          </div>
          {isMute && <p className={classes.denied} role="alert">{t("tickets.telling.mute")}</p>}
          <Switch label={t("tickets.telling.desktop")} description={t("tickets.telling.desktopText")} checked={settings.desktop && permission === "granted"} disabled={permission === "denied" || permission === "unsupported"} onChange={(event) => void switchDesktop(event.currentTarget.checked)} />
          {(permission === "denied" || permission === "unsupported") && <p className={classes.denied}>{t(`tickets.telling.${permission}`)}</p>}
          <Radio.Group label={t("tickets.telling.which")} value={settings.rule} onChange={(rule) => changeTelling({ rule })}>
            <Stack gap="xs" mt="xs">
              {rules.map((rule) => <Radio key={rule} value={rule} label={t(`tickets.telling.rule.${rule}`)} description={t(`tickets.telling.rule.${rule}Text`)} />)}
            </Stack>
          </Radio.Group>
        </Stack>
      </Card>
    </Page>
  );
}
