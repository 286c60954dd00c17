import { notifications } from "@mantine/notifications";
import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { VirtuosoHandle } from "react-virtuoso";
import type { Line } from "../stream";

const POINTED_FOR = 2_500;
const SHOWN_EVERY = 150;

type History = { hasNextPage: boolean; isFetchingNextPage: boolean; isError: boolean; fetchNextPage: () => unknown };

/** Shows a message of the conversation, wherever it stands: what is not loaded yet is loaded up to it, page by page. */
export function useJump(list: RefObject<VirtuosoHandle | null>, lines: Line[], history: History) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<{ id: number } | null>(null);
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const index = wanted === null ? -1 : lines.findIndex(({ message }) => message?.id === wanted.id);
  const { hasNextPage, isFetchingNextPage, isError } = history;
  const goOn = useEffectEvent(() => {
    if (wanted === null || isFetchingNextPage) return;
    if (index >= 0) {
      list.current?.scrollToIndex({ index, align: "center" });
      setPointedAt(wanted.id);
      setWanted(null);
      return;
    }
    if (hasNextPage && !isError) return void history.fetchNextPage();
    setWanted(null);
    notifications.show({ message: t("tickets.find.gone") });
  });
  useEffect(() => {
    const turn = setTimeout(goOn);
    return () => clearTimeout(turn);
  }, [wanted, index, isFetchingNextPage, hasNextPage]);
  const show = useEffectEvent(() => {
    const at = lines.findIndex(({ message }) => message?.id === pointedAt);
    if (at >= 0) list.current?.scrollIntoView({ index: at, behavior: "auto" });
  });
  useEffect(() => {
    if (pointedAt === null) return;
    // Rows above are measured only now, some late: until it stands where it should, or the person goes elsewhere. In view already, it stays.
    const again = setInterval(() => show(), SHOWN_EVERY);
    const stop = () => clearInterval(again);
    const moves = ["wheel", "touchstart", "keydown"] as const;
    for (const move of moves) window.addEventListener(move, stop, { once: true, passive: true });
    const forget = setTimeout(() => setPointedAt(null), POINTED_FOR);
    return () => {
      stop();
      clearTimeout(forget);
      for (const move of moves) window.removeEventListener(move, stop);
    };
  }, [pointedAt]);
  return { jump: (id: number) => setWanted({ id }), pointedAt, isSeeking: wanted !== null };
}
