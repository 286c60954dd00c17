import { notifications } from "@mantine/notifications";
import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { VirtuosoHandle } from "react-virtuoso";
import type { Line } from "../stream";

const POINTED_FOR = 2_500;

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
  useEffect(() => {
    if (pointedAt === null) return;
    // Rows above may only be measured now: once more, then it stands where it should.
    const again = setTimeout(() => {
      const at = lines.findIndex(({ message }) => message?.id === pointedAt);
      if (at >= 0) list.current?.scrollIntoView({ index: at, behavior: "auto" });
    }, 150);
    const forget = setTimeout(() => setPointedAt(null), POINTED_FOR);
    return () => {
      clearTimeout(again);
      clearTimeout(forget);
    };
    // Only when another message is pointed at.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [pointedAt]);
  return { jump: (id: number) => setWanted({ id }), pointedAt, isSeeking: wanted !== null };
}
