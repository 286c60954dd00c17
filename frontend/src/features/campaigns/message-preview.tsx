import { piecesOf } from "@/lib/template";
import classes from "./report.module.css";

/** The text as a receiver of whom nothing is known would read it; variables are marked. */
export function MessagePreview({ body, values }: { body: string; values?: Record<string, string> }) {
  return (
    <div className={classes.message}>
      {piecesOf(body, values).map((piece, index) => (piece.variable ? <mark key={index} title={piece.variable}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
    </div>
  );
}
