import { createContext, useContext } from "react";

/** The words that are searched for in the open conversation. */
export const FindContext = createContext("");

/** The text with every place marked where the words stand. */
export function Marked({ text }: { text: string }) {
  const words = useContext(FindContext).toLowerCase();
  const low = text.toLowerCase();
  if (!words || low.length !== text.length || !low.includes(words)) return text;
  const parts: { from: number; text: string; isHit: boolean }[] = [];
  let from = 0;
  for (let at = low.indexOf(words); at >= 0; at = low.indexOf(words, from)) {
    if (at > from) parts.push({ from, text: text.slice(from, at), isHit: false });
    parts.push({ from: at, text: text.slice(at, at + words.length), isHit: true });
    from = at + words.length;
  }
  if (from < text.length) parts.push({ from, text: text.slice(from), isHit: false });
  return parts.map((part) => (part.isHit ? <mark key={part.from}>{part.text}</mark> : <span key={part.from}>{part.text}</span>));
}
