import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { connectionsQuery } from "@/api/lookups";
import { useErrorToast } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatPhone } from "@/lib/format";
import { routingsQuery } from "../api/list-routings";
import { useRouteConnection } from "../api/route-connection";
import classes from "./settings.module.css";

/** In which queue the new conversations of each number wait. */
export function Routings({ queues }: { queues: Schemas["Queue"][] }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const connections = useQuery(connectionsQuery).data ?? [];
  const routings = useQuery(routingsQuery).data;
  const route = useRouteConnection();
  if (!connections.length || !routings) return null;
  const queueOf = (connectionId: number) => {
    if (route.isPending && route.variables.connection === connectionId) return route.variables.queue ?? null;
    return routings.find(({ connection }) => connection.id === connectionId)?.queue?.id ?? null;
  };
  return (
    <section className={classes.section}>
      <h2 className={classes.heading}>{t("tickets.queues.routing")}</h2>
      <p className={classes.text}>{t("tickets.queues.routingText")}</p>
      <Card>
        <ul className={classes.list}>
          {connections.map((connection) => {
            const queue = queueOf(connection.id);
            return (
              <li key={connection.id} className={classes.routing}>
                <span className={classes.words}>
                  <span className={classes.name}>{connection.name}</span>
                  {connection.number && <span className={classes.sub}>{formatPhone(connection.number)}</span>}
                </span>
                <Select className={classes.choice} aria-label={t("tickets.queues.queueOf", { name: connection.name })} placeholder={t("tickets.queues.everybody")} clearable data={queues.map(({ id, name }) => ({ value: String(id), label: name }))} value={queue === null ? null : String(queue)}
                  onChange={(value) => route.mutate({ connection: connection.id, queue: value ? Number(value) : null }, { onError: toast })} />
              </li>
            );
          })}
        </ul>
      </Card>
    </section>
  );
}
