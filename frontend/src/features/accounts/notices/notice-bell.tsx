import { Popover } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "@/lib/format";
import { unreadNoticesQuery } from "../api/count-notices";
import { NoticeList } from "./notice-list";
import classes from "./notices.module.css";

const MOST_SHOWN = 99;

/** What the person should know, and how much of it is unread. `className` is the shell's, for one of its links; `label` stands under it on phones. */
export function NoticeBell({ className, labelClassName }: { className?: string; labelClassName?: string }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isPhone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const unread = useQuery(unreadNoticesQuery).data?.unread ?? 0;
  return (
    <Popover opened={isOpen} onChange={setOpen} position={isPhone ? "top" : "right-end"} width={380} shadow="md" radius="lg" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={className} aria-label={unread ? t("notices.bellUnread", { count: unread }) : t("notices.title")} onClick={() => setOpen(!isOpen)}>
          <span className={classes.bell}>
            <IconBell size={20} stroke={1.6} />
            {unread > 0 && <span className={`${classes.count} tabular`} aria-hidden>{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : formatCount(unread, i18n.language)}</span>}
          </span>
          <span className={labelClassName} aria-hidden>{t("notices.title")}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t("notices.title")}>
        <NoticeList unread={unread} onClose={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
