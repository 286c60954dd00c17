import { ActionIcon, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "@/components/error-words";
import { findMessagesQuery } from "../api/find-messages";
import classes from "./find-bar.module.css";

type Props = { ticketId: number; words: string; onWords: (words: string) => void; onJump: (messageId: number) => void; onClose: () => void };

/** Words of this conversation: Enter goes to older places, Shift+Enter to newer ones, Escape ends it. */
export function FindBar({ ticketId, words, onWords, onJump, onClose }: Props) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const [asked] = useDebouncedValue(words.trim(), 250);
  const found = useQuery(findMessagesQuery(ticketId, asked));
  const hits = found.data?.results ?? [];
  const [place, setPlace] = useState({ of: "", at: 0 });
  const at = place.of === asked ? place.at : 0;
  const show = useEffectEvent((messageId: number) => onJump(messageId));
  const first = hits[0]?.id;
  useEffect(() => {
    if (first !== undefined) show(first);
  }, [first, asked]);
  const step = (by: number) => {
    const next = (at + by + hits.length) % hits.length;
    const hit = hits[next];
    setPlace({ of: asked, at: next });
    if (hit) onJump(hit.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };
  const state = found.error ? errorWords(found.error) : found.isFetching ? t("common.loading") : found.data ? (hits.length ? t("tickets.find.place", { at: at + 1, count: hits.length }) : t("tickets.find.nothing")) : "";
  return (
    <div className={classes.bar} role="search">
      <TextInput autoFocus className={classes.words} size="xs" type="search" aria-label={t("tickets.find.title")} placeholder={t("tickets.find.title")} leftSection={<IconSearch size={15} stroke={1.6} />} value={words} onChange={(event) => onWords(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <span className={`${classes.state} tabular`} role="status">{state}</span>
      <ActionIcon size={28} aria-label={t("tickets.find.older")} disabled={hits.length < 2} onClick={() => step(1)}><IconChevronUp size={17} stroke={1.8} /></ActionIcon>
      <ActionIcon size={28} aria-label={t("tickets.find.newer")} disabled={hits.length < 2} onClick={() => step(-1)}><IconChevronDown size={17} stroke={1.8} /></ActionIcon>
      <ActionIcon size={28} aria-label={t("common.close")} onClick={onClose}><IconX size={17} stroke={1.8} /></ActionIcon>
    </div>
  );
}
