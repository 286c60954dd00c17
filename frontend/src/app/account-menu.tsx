import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconClockPause, IconLogout, IconMoon, IconSun, IconUserCheck, type Icon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSetAway } from "@/api/set-away";
import { logout, saveLocale, sessionQuery, useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import { chooseLocale, type Locale } from "@/lib/i18n";

const languages: { locale: Locale; name: string }[] = [
  { locale: "en", name: "English" },
  { locale: "pt-BR", name: "Português (Brasil)" },
];

type RareLink = { to: string; key: "schedules" | "connections" | "recorder" | "settings"; icon: Icon };

/** Language, theme and logout; on phones also the pages that have no place in the bottom bar. */
export function AccountMenu({ children, links = [] }: { children: ReactElement; links?: readonly RareLink[] }) {
  const { t, i18n } = useTranslation();
  const { user, company } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme() === "dark";
  const queryClient = useQueryClient();
  const setAway = useSetAway();
  const toast = useErrorToast();

  const speak = async (locale: Locale) => {
    await chooseLocale(locale);
    await saveLocale(locale).catch(() => undefined); // this browser remembers anyway
  };
  const leave = async () => {
    await logout().catch(() => undefined);
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, null);
  };

  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.name} · {company.name}</Menu.Label>
        <Menu.Item onClick={() => setAway.mutate(!user.is_away, { onError: toast })} leftSection={user.is_away ? <IconUserCheck size={16} stroke={1.6} /> : <IconClockPause size={16} stroke={1.6} />}>
          {t(user.is_away ? "common.presence.beHere" : "common.presence.beAway")}
        </Menu.Item>
        <Menu.Divider />
        {links.map((link) => (
          <Menu.Item key={link.to} component={Link} to={link.to} leftSection={<link.icon size={16} stroke={1.6} />}>{t(`common.nav.${link.key}`)}</Menu.Item>
        ))}
        {links.length > 0 && <Menu.Divider />}
        {languages.map(({ locale, name }) => (
          <Menu.Item key={locale} lang={locale} onClick={() => void speak(locale)} leftSection={<IconCheck size={16} opacity={i18n.language === locale ? 1 : 0} />}>{name}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item closeMenuOnClick={false} onClick={() => setColorScheme(isDark ? "light" : "dark")} leftSection={isDark ? <IconSun size={16} stroke={1.6} /> : <IconMoon size={16} stroke={1.6} />}>
          {t(isDark ? "common.nav.light" : "common.nav.dark")}
        </Menu.Item>
        <Menu.Item onClick={() => void leave()} leftSection={<IconLogout size={16} stroke={1.6} />}>{t("common.nav.logout")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
