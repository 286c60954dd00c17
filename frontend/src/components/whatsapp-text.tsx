import { Fragment, type ReactNode } from "react";
import { piecesOf } from "@/lib/template";

const MARKS = /(?<![\w*_~])(\*(?=\S)(?:[^*\n]*\S)\*|_(?=\S)(?:[^_\n]*\S)_|~(?=\S)(?:[^~\n]*\S)~|```[^`]+```)(?![\w*_~])/g;

/** A text as WhatsApp shows it: *bold*, _italic_, ~struck~, ```code```; variables are marked, with their values where there are any. */
export function WhatsAppText({ text, values }: { text: string; values: Record<string, string> }): ReactNode {
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
  return marked(text, (plain, key) => <Fragment key={key}>{piecesOf(plain, filled).map((piece, place) => (piece.variable ? <mark key={place} title={`{{${piece.variable}}}`}>{piece.text}</mark> : <Fragment key={place}>{piece.text}</Fragment>))}</Fragment>);
}

function marked(text: string, show: (plain: string, key: string) => ReactNode, depth = ""): ReactNode[] {
  return text.split(MARKS).map((part, place) => {
    const key = `${depth}${place}`;
    if (place % 2 === 0) return show(part, key);
    const inner = part.startsWith("```") ? part.slice(3, -3) : part.slice(1, -1);
    if (part.startsWith("```")) return <code key={key}>{show(inner, key)}</code>;
    const Tag = part.startsWith("*") ? "strong" : part.startsWith("_") ? "em" : "s";
    return <Tag key={key}>{marked(inner, show, `${key}.`)}</Tag>;
  });
}
