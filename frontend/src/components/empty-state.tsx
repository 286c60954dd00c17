import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./states.module.css";

/** Nothing here, and what to do next. */
export function EmptyState({ icon: Icon, title, text, action, fill }: { icon: Icon; title: string; text: string; action?: ReactNode; fill?: boolean }) {
  return (
    <div className={classes.state} data-fill={fill || undefined}>
      <span className={classes.icon}><Icon size={24} stroke={1.6} /></span>
      <p className={classes.title}>{title}</p>
      <p className={classes.text}>{text}</p>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
