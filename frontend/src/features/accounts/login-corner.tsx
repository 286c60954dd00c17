import { ActionIcon, Button, Group, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { chooseLocale } from "@/lib/i18n";
import classes from "./login.module.css";

export function LoginCorner() {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme() === "dark";
  const isPortuguese = i18n.language === "pt-BR";
  return (
    <Group gap={4} className={classes.corner}>
      <Button variant="subtle" color="gray" lang={isPortuguese ? "en" : "pt-BR"} onClick={() => void chooseLocale(isPortuguese ? "en" : "pt-BR")}>{isPortuguese ? "English" : "Português"}</Button>
      <ActionIcon aria-label={t(isDark ? "common.nav.light" : "common.nav.dark")} onClick={() => setColorScheme(isDark ? "light" : "dark")}>
        {isDark ? <IconSun size={18} stroke={1.6} /> : <IconMoon size={18} stroke={1.6} />}
      </ActionIcon>
    </Group>
  );
}
