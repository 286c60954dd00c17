import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { templatesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import { shownLater } from "@/lib/shown-later";
import { useNow } from "@/lib/use-now";
import type { Message } from "./api/list-messages";
import type { Ticket } from "./api/list-tickets";
import { useMoveTicket } from "./api/move-ticket";
import { Composer, type Mode } from "./composer";
import { say } from "./composing/say";
import type { ToSend } from "./composing/use-attachments";
import classes from "./conversation.module.css";
import { WaitingLine } from "./later/waiting-line";
import { type Draft, send } from "./outbox";
import { useComposing } from "./use-composing";

const LaterDialog = shownLater(() => import("./later/later-dialog").then((part) => part.LaterDialog));
const TemplateDialog = shownLater(() => import("./template-dialog").then((part) => part.TemplateDialog));

type Props = { ticket: Ticket; replyTo: Message | null; onReplied: () => void };

/** Where to write, or why not and what to do about it. */
export function ConversationFoot({ ticket, replyTo, onReplied }: Props) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const now = useNow();
  const { user } = useSession();
  const queryClient = useQueryClient();
  const { reopen } = useMoveTicket(ticket.id, user.id);
  const [laterOf, setLaterOf] = useState<{ text: string; media: Schemas["Media"] | null; onDone: () => void } | null>(null);
  const [isPicking, setIsPicking] = useState(false);
  const templates = useQuery(templatesQuery(ticket.connection.id));
  const { kinds, holder } = useComposing(ticket);

  const onSend = (text: string, mode: Mode, files: ToSend[]) => {
    if (mode === "note") return void send(queryClient, ticket.id, "note", { body: text }, text);
    say(queryClient, { ticketId: ticket.id, text, files, replyTo, kinds });
    onReplied();
  };
  const onSay = (draft: Draft) => {
    void send(queryClient, ticket.id, "message", { ...draft, ...(replyTo ? { reply_to: String(replyTo.id) } : {}) }, "", { quoted: replyTo ?? undefined });
    onReplied();
  };

  if (ticket.status === "closed") {
    return (
      <div className={classes.bar}>
        {t("tickets.isClosed")}
        <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate(undefined, { onError: toast })}>{t("tickets.verb.reopen")}</Button>
      </div>
    );
  }
  if (holder) return <div className={classes.bar}>{t("tickets.heldBy", { name: holder })}</div>;
  return (
    <>
      <WaitingLine ticketId={ticket.id} />
      <Composer
        key={ticket.id}
        ticketId={ticket.id}
        closesAt={ticket.window_expires_at}
        now={now}
        hasTemplates={Boolean(templates.data?.length)}
        kinds={kinds}
        replyTo={replyTo}
        onCancelReply={onReplied}
        onTemplate={() => setIsPicking(true)}
        onSend={onSend}
        onSay={onSay}
        onLater={(text, file, onDone) => setLaterOf({ text, media: file?.media ?? null, onDone })}
      />
      {laterOf && <LaterDialog ticketId={ticket.id} connectionId={ticket.connection.id} closesAt={ticket.window_expires_at} text={laterOf.text} media={laterOf.media} onClose={() => setLaterOf(null)} onDone={() => { laterOf.onDone(); setLaterOf(null); }} />}
      {isPicking && <TemplateDialog templates={templates.data ?? []} onClose={() => setIsPicking(false)} onSend={({ media, ...template }, text) => void send(queryClient, ticket.id, "message", { template, media: media?.id }, text, { media: media ?? undefined })} />}
    </>
  );
}
