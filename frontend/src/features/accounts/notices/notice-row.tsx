import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatAgo, formatDateTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import type { Notice } from "../api/list-notices";
import classes from "./notices.module.css";

type Props = { notice: Notice; onRead: () => void; onOpen: () => void };

export function NoticeRow({ notice, onRead, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const isUnread = notice.read_at === null;
  const words = (
    <>
      <span className={classes.title}>{isUnread && <span className="visually-hidden">{t("notices.unread")}</span>}{notice.title}</span>
      <span className={classes.text}>{notice.text}</span>
      <time className={`${classes.ago} tabular`} dateTime={notice.created_at} title={formatDateTime(notice.created_at, i18n.language)}>{formatAgo(notice.created_at, i18n.language, now)}</time>
    </>
  );
  return (
    <li className={classes.row} data-unread={isUnread || undefined}>
      {notice.path ? <Link to={notice.path} className={classes.words} onClick={onOpen}>{words}</Link> : <div className={classes.words}>{words}</div>}
      {isUnread && (
        <Tooltip label={t("notices.read")}>
          <ActionIcon size={28} aria-label={t("notices.readOne", { title: notice.title })} onClick={onRead}><IconCheck size={16} stroke={1.8} /></ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}
