import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../api/list-messages";
import { useGist, useSpeaker } from "../quote";
import classes from "./composing.module.css";

/** What the next message answers. */
export function ReplyBar({ message, onCancel }: { message: Message; onCancel: () => void }) {
  const { t } = useTranslation();
  const speaker = useSpeaker();
  const gist = useGist();
  return (
    <div className={classes.reply}>
      <span className={classes.replyWords}>
        <span className={classes.replyWho}>{t("tickets.replyingTo", { name: speaker(message) })}</span>
        <span className={`${classes.replyText} ellipsis`}>{gist(message)}</span>
      </span>
      <ActionIcon size={24} aria-label={t("tickets.cancelReply")} onClick={onCancel}><IconX size={16} stroke={1.8} /></ActionIcon>
    </div>
  );
}
