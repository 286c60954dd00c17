import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "@/lib/use-title";
import { LoginCorner } from "./login-corner";
import classes from "./login.module.css";

/** The card that people meet before they are in: log in, join, choose a new password. */
export function Entrance({ title, sub, children }: { title: string; sub?: ReactNode; children?: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.page}>
      <LoginCorner />
      <div className={classes.card}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} width={44} height={44} alt="" className={classes.logo} />
        <Title order={1} className={classes.title}>{title}</Title>
        {sub && <p className={classes.sub}>{sub}</p>}
        {children}
      </div>
    </main>
  );
}
