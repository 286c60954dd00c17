import { IconPaperclip } from "@tabler/icons-react";
import { piecesOf } from "@/lib/template";
import classes from "./report.module.css";

/** The text as a receiver of whom nothing is known would read it; variables are marked. */
export function MessagePreview({ body, file }: { body: string; file?: string }) {
  return (
    <div className={classes.message}>
      {file && <div className={classes.quiet}><IconPaperclip size={14} stroke={1.7} aria-hidden /> {file}</div>}
      {piecesOf(body).map((piece, index) => (piece.variable ? <mark key={index} title={piece.variable}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
    </div>
  );
}
