import { ActionIcon, Textarea } from "@mantine/core";
import { IconArrowLeft, IconBattery3, IconSend, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type UIEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { PersonAvatar } from "@/components/person-avatar";
import { formatPhone, formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { type PhoneEntry, phoneQuery, type Saying, tellTyping, useSay } from "./api/play-customers";
import { HandsetEntry } from "./handset-entry";
import { HandsetMenu } from "./handset-menu";
import { HandsetQuote } from "./handset-quote";
import { talkOf } from "./phone-talk";
import classes from "./phone.module.css";

const TYPING_SAID_EVERY = 3_000; // milliseconds

type Props = { connection: Schemas["Connection"]; customer: Schemas["Customer"]; onBack: () => void };

export function Handset({ connection, customer, onBack }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const now = useNow();
  const { data: entries = [], error } = useQuery(phoneQuery(connection.id, customer.number));
  const say = useSay(connection.id, customer.number);
  const [text, setText] = useState("");
  const [quoted, setQuoted] = useState<PhoneEntry | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const showEnd = () => void end.current?.scrollIntoView({ block: "end" }); // newer browsers answer with a promise
  useEffect(showEnd, [entries.length]);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent<HTMLElement>) => {
    const isNear = scrollHeight - scrollTop - clientHeight < 40;
    if (isNear || scrollTop < lastTop.current) isAtEnd.current = isNear; // only a person scrolls up
    lastTop.current = scrollTop;
  };
  const onPicture = () => isAtEnd.current && showEnd(); // it takes its place when it has come, and pushes the end out of sight

  const saidTypingAt = useRef(0);
  const write = (next: string) => {
    setText(next);
    if (!next.trim() || Date.now() - saidTypingAt.current < TYPING_SAID_EVERY) return;
    saidTypingAt.current = Date.now();
    tellTyping(connection.id, customer.number);
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    setText("");
    saidTypingAt.current = 0;
    sayAnswering({ body }, () => setText((now) => now || body));
  };
  const sayAnswering = (saying: Saying, onError?: () => void) => {
    setQuoted(null);
    say.mutate(quoted ? { ...saying, reply_to: quoted.id } : saying, { onError });
  };
  const reply = (entry: PhoneEntry) => {
    setQuoted(entry);
    requestAnimationFrame(() => input.current?.focus()); // after the menu gave the focus back
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const failure = say.error ?? error;

  return (
    <section className={classes.handset} aria-label={t("connectors.phone.of", { name: customer.name || formatPhone(customer.number) })}>
      <div className={classes.screen}>
        <div className={classes.status} aria-hidden><span className="tabular">{formatTime(now, i18n.language)}</span><IconBattery3 size={18} stroke={1.6} /></div>
        <span className={classes.island} aria-hidden />
        <header className={classes.bar}>
          <ActionIcon className={classes.back} aria-label={t("common.back")} onClick={onBack}><IconArrowLeft size={20} stroke={1.8} /></ActionIcon>
          <PersonAvatar name={connection.name} size={34} />
          <div className={classes.who}>
            <h2 className="ellipsis">{connection.name}</h2>
            <div className={`${classes.meta} ellipsis`}>{t("connectors.phone.as", { name: customer.name || formatPhone(customer.number) })}</div>
          </div>
        </header>
        <div className={classes.talk} role="log" tabIndex={0} aria-label={t("connectors.phone.talk")} onScroll={onScroll} onLoadCapture={onPicture}>
          {entries.length === 0 && <p className={classes.empty}>{t("connectors.phone.quiet")}</p>}
          {talkOf(entries).map((entry) => (
            <HandsetEntry key={entry.id} entry={entry} company={connection.name} onReply={reply} onReact={(about, emoji) => say.mutate({ kind: "reaction", target: about.id, body: emoji })} />
          ))}
          <div ref={end} />
        </div>
        {failure && <p className={classes.alert} role="alert">{words(failure)}</p>}
        {quoted && (
          <div className={classes.answering}>
            <HandsetQuote quoted={quoted} company={connection.name} />
            <ActionIcon aria-label={t("connectors.phone.cancelReply")} onClick={() => setQuoted(null)}><IconX size={16} stroke={1.8} /></ActionIcon>
          </div>
        )}
        <div className={classes.write}>
          <HandsetMenu onSay={sayAnswering} />
          <Textarea ref={input} className={classes.input} autosize minRows={1} maxRows={4} aria-label={t("connectors.phone.write")} placeholder={t("connectors.phone.write")} value={text} onChange={(event) => write(event.currentTarget.value)} onKeyDown={onKeyDown} data-autofocus />
          <ActionIcon variant="filled" color="brand" radius={999} size={36} aria-label={t("connectors.phone.send")} disabled={!text.trim()} onClick={send}><IconSend size={17} stroke={1.8} /></ActionIcon>
        </div>
      </div>
    </section>
  );
}
