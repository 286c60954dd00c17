import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { templatesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import { useNow } from "@/lib/use-now";
import type { Ticket } from "./api/list-tickets";
import { useMoveTicket } from "./api/move-ticket";
import { Composer } from "./composer";
import classes from "./conversation.module.css";
import { send } from "./outbox";
import { TemplateDialog } from "./template-dialog";

/** Where to write, or why not and what to do about it. */
export function ConversationFoot({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const now = useNow();
  const { user } = useSession();
  const queryClient = useQueryClient();
  const { reopen } = useMoveTicket(ticket.id, user.id);
  const [isPicking, setIsPicking] = useState(false);
  const templates = useQuery(templatesQuery(ticket.connection.id));
  const holder = ticket.assignee && ticket.assignee.id !== user.id && user.role === "agent" ? ticket.assignee.name : null;

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
      <Composer
        key={ticket.id}
        ticketId={ticket.id}
        closesAt={ticket.window_expires_at}
        now={now}
        hasTemplates={Boolean(templates.data?.length)}
        onTemplate={() => setIsPicking(true)}
        onSend={(text, mode) => void send(queryClient, ticket.id, mode, { body: text }, text)}
      />
      {isPicking && <TemplateDialog templates={templates.data ?? []} onClose={() => setIsPicking(false)} onSend={(template, text) => void send(queryClient, ticket.id, "message", { template }, text)} />}
    </>
  );
}
