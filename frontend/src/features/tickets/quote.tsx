import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "./api/list-messages";
import classes from "./bubble.module.css";

/** How the customer of the conversation is called. */
export const CustomerContext = createContext("");

/** Who said it: a colleague, the company, or the customer. */
export function useSpeaker() {
  const { t } = useTranslation();
  const customer = useContext(CustomerContext) || t("tickets.customer");
  return ({ direction, author }: Message) => (direction === "in" ? customer : (author?.name ?? t("tickets.us")));
}

export function useGist() {
  const { t } = useTranslation();
  return ({ body, kind, media }: Message) => body || media?.filename || t(`tickets.kind.${kind}`);
}

/** What is answered, above the answer. One that is not loaded is said to be there, and `onSeek` finds it. */
export function Quote({ quoted, onJump, onSeek }: { quoted: Message | undefined; onJump: (messageId: number) => void; onSeek?: () => void }) {
  const { t } = useTranslation();
  const speaker = useSpeaker();
  const gist = useGist();
  if (!quoted && onSeek) return <button type="button" className={`${classes.quote} ${classes.odd}`} onClick={onSeek}>{t("tickets.quotedEarlier")}</button>;
  if (!quoted) return <blockquote className={`${classes.quote} ${classes.odd}`}>{t("tickets.quotedEarlier")}</blockquote>;
  return (
    <button type="button" className={classes.quote} onClick={() => onJump(quoted.id)}>
      <span className={classes.quoteWho}>{speaker(quoted)}</span>
      <span className={`${classes.quoteText} ellipsis`}>{gist(quoted)}</span>
    </button>
  );
}
