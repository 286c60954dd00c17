import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from "react";
import { type QuickReply, quickRepliesQuery } from "../api/list-quick-replies";
import { repliesMatching, type Slash, slashAt } from "./matching";

type Box = RefObject<HTMLTextAreaElement | null>;

/**
 * The list of quick replies that opens while a word beginning with a slash is typed. `look` after each change of text or caret;
 * `onKeyDown` says whether the key was for the list.
 */
export function useSlash(box: Box, isOn: boolean, onPick: (reply: QuickReply, slash: Slash) => void) {
  const [slash, setSlash] = useState<Slash | null>(null);
  const [shutAt, setShutAt] = useState<number | null>(null);
  const [at, setAt] = useState(0);
  const isOpen = isOn && slash !== null && slash.start !== shutAt;
  const all = useQuery({ ...quickRepliesQuery, enabled: isOpen });
  const replies = useMemo(() => repliesMatching(all.data ?? [], slash?.words ?? ""), [all.data, slash?.words]);
  const chosen = replies[Math.min(at, replies.length - 1)];
  const id = useId();

  const look = (text: string, caret: number) => {
    const found = slashAt(text, caret);
    if (found?.words !== slash?.words) setAt(0);
    if (!found) setShutAt(null);
    setSlash(found);
  };
  const lookAtBox = () => {
    if (isOn && box.current) look(box.current.value, box.current.selectionStart);
  };
  const shut = () => setShutAt(slash?.start ?? null);
  const pick = (reply: QuickReply) => {
    if (!slash) return;
    setSlash(null);
    onPick(reply, slash);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && replies.length) setAt((Math.min(at, replies.length - 1) + step + replies.length) % replies.length);
    else if (event.key === "Escape") shut();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.shiftKey) pick(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const optionId = (reply: QuickReply) => `${id}-${reply.id}`;
  const aria = isOpen ? { role: "combobox" as const, "aria-expanded": true, "aria-controls": id, "aria-autocomplete": "list" as const, "aria-activedescendant": chosen && optionId(chosen) } : {};
  return { isOpen, id, optionId, all, replies, chosen, words: slash?.words ?? "", look, lookAtBox, shut, pick, point: setAt, onKeyDown, aria };
}
