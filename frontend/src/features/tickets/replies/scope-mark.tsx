import { useTranslation } from "react-i18next";
import { Dot } from "@/components/dot";
import type { QuickReply } from "../api/list-quick-replies";
import classes from "./replies.module.css";

/** Whose it is: one's own, or a queue's. The company's are the usual ones and say nothing. */
export function ScopeMark({ reply }: { reply: QuickReply }) {
  const { t } = useTranslation();
  if (reply.scope === "personal") return <span className={classes.mark}>{t("tickets.replies.scope.personal")}</span>;
  if (reply.queue) return <span className={classes.mark}><Dot color={reply.queue.color ?? "gray"}>{reply.queue.name}</Dot></span>;
  return null;
}
