import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { tinykeys } from "tinykeys";
import { saveLocale, useMay, useSession } from "@/api/session";
import { useSetAway } from "@/api/set-away";
import { type Command, useCommands } from "@/lib/commands";
import { chooseLocale } from "@/lib/i18n";

// Loaded when they are first wanted.
const Palette = lazy(() => import("./palette"));
const ShortcutsHelp = lazy(() => import("./shortcuts-help"));

const places = [
  { to: "/inbox", key: "inbox", may: "ticket.read", keys: "g i" },
  { to: "/contacts", key: "contacts", may: "contact.read", keys: "g c" },
  { to: "/campaigns", key: "campaigns", may: "campaign.read", keys: "g m" },
  { to: "/phone", key: "phone", may: "simulator.play", keys: undefined },
  { to: "/connections", key: "connections", may: "connection.manage", keys: undefined },
  { to: "/flights", key: "recorder", may: "flight.read", keys: undefined },
  { to: "/settings", key: "settings", may: "me.change", keys: "g s" },
] as const;

/** The commands that are there on every page, the palette, and the list of keys. */
export function Keyboard() {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { user } = useSession();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme() === "dark";
  const setAway = useSetAway();
  const [shown, setShown] = useState<"palette" | "help" | null>(null);
  const other = i18n.language === "en" ? "pt-BR" : "en";
  const speak = async () => {
    await chooseLocale(other);
    await saveLocale(other).catch(() => undefined);
  };
  const commands: Command[] = [
    ...places.filter((place) => may(place.may)).map(({ to, key, keys }) => ({ id: `go-${key}`, label: t("common.palette.go", { place: t(`common.nav.${key}`) }), keys: keys ? [keys] : undefined, run: () => void navigate(to) })),
    { id: "theme", label: t(isDark ? "common.nav.light" : "common.nav.dark"), run: () => setColorScheme(isDark ? "light" : "dark") },
    { id: "language", label: t("common.palette.language"), run: () => void speak() },
    { id: "away", label: t(user.is_away ? "common.presence.beHere" : "common.presence.beAway"), run: () => setAway.mutate(!user.is_away) },
    { id: "help", label: t("common.keys.title"), keys: ["Shift+?"], run: () => setShown("help") },
  ];
  useCommands(commands);
  useEffect(
    () =>
      tinykeys(window, {
        "$mod+k": (event) => {
          event.preventDefault();
          setShown((now) => (now === "palette" ? null : "palette"));
        },
      }),
    [],
  );
  return (
    <Suspense fallback={null}>
      {shown === "palette" && <Palette onClose={() => setShown((now) => (now === "palette" ? null : now))} />}
      {shown === "help" && <ShortcutsHelp onClose={() => setShown(null)} />}
    </Suspense>
  );
}
