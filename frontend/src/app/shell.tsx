import { Tooltip } from "@mantine/core";
import { IconAddressBook, IconCalendarClock, IconDeviceMobile, IconDots, IconInbox, IconPlugConnected, IconRoute, IconSettings, IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useMatch } from "react-router";
import { useMay, useSession } from "@/api/session";
import { PresentAvatar } from "@/components/present-avatar";
import { useIdlePresence } from "@/lib/use-presence";
import { NoticeBell } from "@/features/accounts/notices/notice-bell";
import { countsQuery } from "@/features/tickets/api/count-tickets";
import { useTitleBadge } from "@/lib/use-title";
import { AccountMenu } from "./account-menu";
import { Keyboard } from "./palette/keyboard";
import { LinkBanner } from "./link-banner";
import classes from "./shell.module.css";

const links = [
  { to: "/inbox", key: "inbox", icon: IconInbox, may: "ticket.read" },
  { to: "/contacts", key: "contacts", icon: IconAddressBook, may: "contact.read" },
  { to: "/campaigns", key: "campaigns", icon: IconSpeakerphone, may: "campaign.read" },
  { to: "/schedules", key: "schedules", icon: IconCalendarClock, may: "schedule.read", rare: true },
  { to: "/phone", key: "phone", icon: IconDeviceMobile, may: "simulator.play" },
  { to: "/connections", key: "connections", icon: IconPlugConnected, may: "connection.manage", rare: true },
  { to: "/flights", key: "recorder", icon: IconRoute, may: "flight.read", rare: true },
  { to: "/settings", key: "settings", icon: IconSettings, may: "me.change", rare: true },
] as const;

export function Shell() {
  const { t } = useTranslation();
  const { user } = useSession();
  const may = useMay();
  const isInTicket = useMatch("/inbox/:ticketId") !== null;
  useIdlePresence();
  useTitleBadge(useQuery(countsQuery).data?.unread ?? 0);
  const mine = links.filter((link) => may(link.may));
  const rare = mine.filter((link) => "rare" in link);
  return (
    <div className={classes.shell} data-focused={isInTicket || undefined}>
      <nav className={classes.rail} aria-label={t("common.nav.label")}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} width={32} height={32} alt="Recado" className={classes.logo} />
        <div className={classes.links}>
          {mine.map((link) => (
            <Tooltip key={link.to} label={t(`common.nav.${link.key}`)} position="right">
              <NavLink to={link.to} className={`${classes.link} ${"rare" in link ? classes.onlyDesk : ""}`}>
                <link.icon size={20} stroke={1.6} />
                <span className={classes.label}>{t(`common.nav.${link.key}`)}</span>
              </NavLink>
            </Tooltip>
          ))}
          <div className={classes.onlyPhone}>
            <NoticeBell className={classes.link} labelClassName={classes.label} />
          </div>
          <div className={classes.onlyPhone}>
            <AccountMenu links={rare}>
              <button type="button" className={classes.link}>
                <IconDots size={20} stroke={1.6} />
                <span className={classes.label}>{t("common.nav.more")}</span>
              </button>
            </AccountMenu>
          </div>
        </div>
        <div className={classes.foot}>
          <NoticeBell className={classes.link} labelClassName={classes.label} />
          <AccountMenu>
            <button type="button" className={`${classes.link} ${classes.me}`} aria-label={t("common.nav.account", { name: user.name })}>
              <PresentAvatar colleague={user} size={32} presence={user.is_away ? "away" : "online"} />
            </button>
          </AccountMenu>
        </div>
      </nav>
      <Keyboard />
      <main className={classes.main}>
        <LinkBanner />
        <Outlet />
      </main>
    </div>
  );
}
