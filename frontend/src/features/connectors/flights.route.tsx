import { ActionIcon, Button, Select, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconRefresh, IconRoute, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionsQuery } from "@/api/lookups";
import { flat } from "@/api/page";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { flightsQuery } from "./api/list-flights";
import { FlightRow } from "./flight-row";
import classes from "./flights.module.css";

/** Every call from and to gateways, step by step: where did that message go? */
export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search.trim(), 300);
  const [connection, setConnection] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const connections = useQuery(connectionsQuery).data ?? [];
  const { data, isPending, isError, error, refetch, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(flightsQuery(words, connection));
  const flights = flat(data);
  return (
    <Page title={t("connectors.flights.title")} sub={t("connectors.flights.sub")}
      actions={<Tooltip label={t("connectors.flights.refresh")}><ActionIcon aria-label={t("connectors.flights.refresh")} loading={isFetching && !isPending} onClick={() => void refetch()}><IconRefresh size={18} stroke={1.7} /></ActionIcon></Tooltip>}>
      <div className={classes.filters} role="search">
        <TextInput className={classes.search} size="sm" type="search" aria-label={t("connectors.flights.search")} placeholder={t("connectors.flights.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Select size="sm" clearable aria-label={t("connectors.flights.connection")} placeholder={t("connectors.flights.connection")} data={connections.map(({ id, name }) => ({ value: String(id), label: name }))} value={connection === null ? null : String(connection)} onChange={(value) => setConnection(value ? Number(value) : null)} />
      </div>
      {isPending && <Card><LoadingRows count={6} height={48} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && flights.length === 0 && <EmptyState icon={IconRoute} title={t(words ? "connectors.flights.noMatch" : "connectors.flights.empty")} text={t(words ? "connectors.flights.noMatchText" : "connectors.flights.emptyText")} />}
      {flights.length > 0 && (
        <Card>
          {flights.map((flight) => <FlightRow key={flight.id} flight={flight} isOpen={flight.id === open} onToggle={() => setOpen(flight.id === open ? null : flight.id)} connection={connections.find(({ id }) => id === flight.connection)?.name ?? ""} />)}
        </Card>
      )}
      {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
    </Page>
  );
}
