import { useMediaQuery } from "@mantine/hooks";
import { IconMessages } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useSession } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useLink } from "@/lib/live-context";
import { shownLater } from "@/lib/shown-later";
import { useTitle } from "@/lib/use-title";
import { ticketQuery } from "./api/get-ticket";
import type { Ticket } from "./api/list-tickets";
import { Conversation } from "./conversation";
import { openDrafts } from "./drafts";
import classes from "./inbox.module.css";
import { nameOf } from "./name-of";
import { sendUnreached } from "./outbox";
import { TicketList } from "./ticket-list";
import { useInboxTab } from "./use-inbox-tab";

const NewConversation = shownLater(() => import("./new-conversation").then((part) => part.NewConversation));

type Props = { panel: (ticket: Ticket, onClose: () => void) => ReactNode };

/** Who waits, what is said, and who it is (`panel`: contacts are another feature's). */
export function InboxPage({ panel }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ticketId = Number(useParams().ticketId) || null;
  const [params, setParams] = useSearchParams();
  const to = Number(params.get("to")) || null;
  const [isStarting, setIsStarting] = useState(false);
  const isWide = useMediaQuery("(min-width: 1280px)", window.innerWidth >= 1280);
  const [panelChoice, setPanelChoice] = useState<boolean | null>(null);
  const isPanelOpen = panelChoice ?? isWide;
  const ticket = useQuery({ ...ticketQuery(ticketId ?? 0), enabled: ticketId !== null });
  const [tab, setTab] = useInboxTab(ticket.data);
  useTitle(ticketId && ticket.data ? nameOf(ticket.data) : t("tickets.title"));
  const queryClient = useQueryClient();
  const { user, company } = useSession();
  openDrafts(`${company.id}.${user.id}`);
  const isOnline = useLink() === "online";
  useEffect(() => {
    if (isOnline) sendUnreached(queryClient);
  }, [isOnline, queryClient]);
  const stopStarting = () => {
    setIsStarting(false);
    setParams({}, { replace: true });
  };

  return (
    <>
    <h1 className="visually-hidden">{t("tickets.title")}</h1>
    <div className={classes.inbox} data-open={ticketId ? true : undefined}>
      <TicketList selectedId={ticketId} tab={tab} onTab={setTab} onNew={() => setIsStarting(true)} />
      <div className={classes.middle}>
        {ticketId === null && <EmptyState fill icon={IconMessages} title={t("tickets.pick")} text={t("tickets.pickText")} />}
        {ticketId !== null && ticket.isError && <ErrorState fill error={ticket.error} onRetry={() => void ticket.refetch()} />}
        {ticketId !== null && ticket.data && <Conversation key={ticketId} ticket={ticket.data} onTogglePanel={() => setPanelChoice(!isPanelOpen)} />}
      </div>
      {ticketId !== null && ticket.data && isPanelOpen && <div className={classes.panel}>{panel(ticket.data, () => setPanelChoice(false))}</div>}
      {(isStarting || to !== null) && (
        <NewConversation
          contactId={to}
          onClose={stopStarting}
          onStarted={(id) => {
            setIsStarting(false);
            void navigate(`/inbox/${id}`);
          }}
        />
      )}
    </div>
    </>
  );
}
