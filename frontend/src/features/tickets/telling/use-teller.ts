import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { queuesQuery } from "@/api/lookups";
import type { LiveEvent } from "@/lib/live-event";
import { isFirstTab } from "@/lib/one-tab";
import { nameOf } from "../name-of";
import { isWanted, type News, newsIn } from "./news";
import { tellingSettings } from "./settings";
import { ring } from "./sound";

// The tab that somebody looks at decides for all: the others give it this long.
const HEAD_START = 300;

const isLookedAt = () => !document.hidden && document.hasFocus();
const isOpen = (ticketId: number) => window.location.pathname.endsWith(`/inbox/${ticketId}`);

export const mayNotify = () => "Notification" in window && Notification.permission === "granted";

/** Hears every event once, and tells of those that the person wants to know of: by sound, and on the desktop while they look elsewhere. */
export function useTeller() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  const tell = ({ ticket, message, kind }: News) => {
    const { sound, volume, desktop } = tellingSettings();
    if (isLookedAt() && isOpen(ticket.id)) return;
    if (sound) void ring(volume);
    if (!desktop || isLookedAt() || !mayNotify()) return;
    const words = message.body || message.media?.filename || t(`tickets.kind.${message.kind}`);
    const body = kind === "transfer" ? t("tickets.telling.handedOver", { name: message.author?.name ?? "" }) : ticket.unread_count > 1 ? t("tickets.telling.several", { count: ticket.unread_count, words }) : words;
    // One for each conversation: the next message takes the place of the last.
    const told = new Notification(nameOf(ticket), { body, tag: `recado-${ticket.id}`, icon: `${import.meta.env.BASE_URL}icon.svg`, silent: true });
    told.onclick = () => {
      window.focus();
      void navigate(`/inbox/${ticket.id}`);
      told.close();
    };
  };

  return (event: LiveEvent) => {
    const news = newsIn(event);
    if (!news || !isWanted(news, tellingSettings().rule, event.userId, queryClient.getQueryData(queuesQuery.queryKey) ?? [])) return;
    setTimeout(() => void isFirstTab(news.key).then((isFirst) => isFirst && tell(news)), isLookedAt() ? 0 : HEAD_START);
  };
}
