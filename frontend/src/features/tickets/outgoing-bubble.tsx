import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "@/components/error-words";
import { Frame } from "./bubble";
import { BubbleBody, type Content } from "./bubble-body";
import classes from "./bubble.module.css";
import { discard, type Outgoing, sendAgain } from "./outbox";
import { Quote } from "./quote";

/** As the server will keep it (tickets/services/contents.py). */
function contentOf({ text, media, draft }: Outgoing): Content {
  if (draft.location) return { kind: "location", body: "", payload: { location: draft.location }, media: null };
  if (draft.contacts?.length) {
    const contacts = draft.contacts.map(({ name, phones }) => ({ name: { formatted_name: name }, phones: phones.map((phone) => ({ phone })) }));
    return { kind: "contacts", body: "", payload: { contacts }, media: null };
  }
  return { kind: media ? (draft.kind ?? media.kind) : "text", body: text, payload: {}, media: media ?? null };
}

/** A message between the Enter key and the server's answer. */
export function OutgoingBubble({ outgoing, isJoinedAbove, isJoinedBelow }: { outgoing: Outgoing; isJoinedAbove: boolean; isJoinedBelow: boolean }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const queryClient = useQueryClient();
  const hasFailed = outgoing.error !== null;
  return (
    <Frame side={outgoing.kind === "note" ? "note" : "out"} isJoinedAbove={isJoinedAbove} isJoinedBelow={isJoinedBelow} at={outgoing.at} step={hasFailed ? "failed" : "waiting"}
      failure={hasFailed && (
        <>
          <span>{words(outgoing.error)}</span>
          <button type="button" className={classes.link} onClick={() => void sendAgain(queryClient, outgoing.key)}>{t("common.retry")}</button>
          <button type="button" className={classes.link} onClick={() => discard(outgoing.key)}>{t("tickets.discard")}</button>
        </>
      )}>
      {outgoing.quoted && <Quote quoted={outgoing.quoted} onJump={() => {}} />}
      <BubbleBody content={contentOf(outgoing)} />
    </Frame>
  );
}
