import { ActionIcon } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useTitle } from "@/lib/use-title";
import classes from "./page.module.css";

type Props = { title: string; sub?: ReactNode; back?: string; phoneBack?: string; actions?: ReactNode; flush?: boolean; children: ReactNode };

/** A titled page. `back` leads to where it came from, `phoneBack` only on phones; `flush`: the content fills it to the edges and scrolls by itself. */
export function Page({ title, sub, back, phoneBack, actions, flush, children }: Props) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        {(back ?? phoneBack) && (
          <ActionIcon component={Link} to={back ?? phoneBack ?? ""} className={back ? undefined : classes.phoneBack} aria-label={t("common.back")}>
            <IconArrowLeft size={20} stroke={1.8} />
          </ActionIcon>
        )}
        <div className={classes.title}>
          <h1 className={`${classes.title} ellipsis`}>{title}</h1>
          {sub && <div className={classes.sub}>{sub}</div>}
        </div>
        <div className={classes.actions}>{actions}</div>
      </header>
      <div className={classes.body} data-flush={flush || undefined}>
        {flush ? children : <div className={classes.inner}>{children}</div>}
      </div>
    </div>
  );
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <section className={className ? `${classes.card} ${className}` : classes.card}>{children}</section>;
}
