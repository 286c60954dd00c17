import classes from "./dot.module.css";

/** A coloured mark before a word: queues (square) and tags or states (round). */
export function Dot({ color, round, children }: { color: string; round?: boolean; children: string }) {
  return (
    <span className={classes.dot} data-round={round || undefined} style={{ "--dot": color }}>
      <span className="ellipsis">{children}</span>
    </span>
  );
}
