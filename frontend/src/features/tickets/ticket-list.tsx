import { ActionIcon, Button, SegmentedControl, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconInbox, IconPencilPlus, IconSearch, IconZoomCancel } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { flat } from "@/api/page";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { ExportMenu } from "@/components/export-menu";
import { LoadingRows } from "@/components/loading-rows";
import { useCommands } from "@/lib/commands";
import { formatCount } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { countsQuery } from "./api/count-tickets";
import { type TicketFilters, type TicketStatus, ticketsQuery } from "./api/list-tickets";
import { exportTickets } from "./api/export-tickets";
import { TellingOffer } from "./telling/offer";
import { TicketFilterMenu } from "./ticket-filter-menu";
import classes from "./ticket-list.module.css";
import { TicketRow } from "./ticket-row";

const tabs = ["pending", "open", "closed"] as const;

type Props = { selectedId: number | null; tab: TicketStatus; onTab: (tab: TicketStatus) => void; onNew: () => void };

export function TicketList({ selectedId, tab: status, onTab, onNew }: Props) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [mine, setMine] = useState(false);
  const [queue, setQueue] = useState<number | null>(null);
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search.trim(), 250);
  const searchBox = useRef<HTMLInputElement>(null);
  useCommands([
    { id: "search-tickets", label: t("common.keys.search"), keys: ["/", "Shift+/"], run: () => searchBox.current?.focus() },
    { id: "new-ticket", label: t("tickets.new.title"), keys: ["c"], run: onNew },
  ]);
  const counts = useQuery(countsQuery).data;
  const count = (tab: TicketStatus) => (counts && tab !== "closed" ? formatCount(counts[tab], i18n.language) : "");
  return (
    <section className={classes.list} aria-label={t("tickets.title")}>
      <header className={classes.head}>
        <div className={classes.titleLine}>
          <h2 className={classes.title}>{t("tickets.title")}</h2>
          <TicketFilterMenu mine={mine} queue={queue} onMine={setMine} onQueue={setQueue} />
          {may("contact.export") && <ExportMenu small label={t("tickets.export")} onExport={(kind) => exportTickets({ status, mine, queue, search: words }, kind)} />}
          <Tooltip label={t("tickets.new.title")}>
            <ActionIcon variant="filled" color="brand" aria-label={t("tickets.new.title")} onClick={onNew}><IconPencilPlus size={18} stroke={1.7} /></ActionIcon>
          </Tooltip>
        </div>
        <TextInput ref={searchBox} variant="filled" size="sm" type="search" aria-label={t("tickets.search")} placeholder={t("tickets.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} classNames={{ input: classes.search }} />
        <SegmentedControl size="xs" fullWidth aria-label={t("tickets.tabs")} value={status} onChange={onTab} classNames={{ root: classes.tabs, label: classes.tab }}
          data={tabs.map((value) => ({ value, label: <>{t(`tickets.status.${value}`)}<span className={`${classes.count} tabular`}>{count(value)}</span></> }))} />
      </header>
      <TellingOffer />
      <Rows filters={{ status, mine, queue, search: words }} selectedId={selectedId} onNew={onNew} onClear={() => { setSearch(""); setMine(false); setQueue(null); }} />
    </section>
  );
}

type RowsProps = { filters: TicketFilters; selectedId: number | null; onNew: () => void; onClear: () => void };

function Rows({ filters, selectedId, onNew, onClear }: RowsProps) {
  const { t } = useTranslation();
  const now = useNow();
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(ticketsQuery(filters));
  const tickets = useMemo(() => flat(data), [data]);
  const list = useRef<VirtuosoHandle>(null);
  const navigate = useNavigate();
  // A second key may come before the first one's conversation is drawn.
  const aim = useRef(selectedId);
  useEffect(() => {
    aim.current = selectedId;
  }, [selectedId]);
  const step = (by: 1 | -1) => {
    const at = tickets.findIndex(({ id }) => id === aim.current);
    const index = at < 0 ? 0 : Math.min(Math.max(at + by, 0), tickets.length - 1);
    const next = tickets[index];
    if (!next) return;
    aim.current = next.id;
    list.current?.scrollIntoView({ index });
    void navigate(`/inbox/${next.id}`);
  };
  useCommands([
    { id: "next-ticket", label: t("common.keys.next"), keys: ["j", "ArrowDown"], run: () => step(1) },
    { id: "previous-ticket", label: t("common.keys.previous"), keys: ["k", "ArrowUp"], run: () => step(-1) },
  ]);
  if (isPending) return <LoadingRows />;
  if (isError && !data) return <ErrorState fill error={error} onRetry={() => void refetch()} />;
  if (!tickets.length && (filters.search || filters.mine || filters.queue !== null)) {
    return <EmptyState fill icon={IconZoomCancel} title={t("tickets.noMatch")} text={t("tickets.noMatchText")} action={<Button variant="default" onClick={onClear}>{t("common.clear")}</Button>} />;
  }
  if (!tickets.length) {
    return <EmptyState fill icon={IconInbox} title={t(`tickets.empty.${filters.status}`)} text={t(`tickets.empty.${filters.status}Text`)} action={filters.status !== "closed" && <Button variant="default" onClick={onNew}>{t("tickets.new.title")}</Button>} />;
  }
  return (
    <Virtuoso
      ref={list}
      className={classes.rows}
      data={tickets}
      fixedItemHeight={76}
      computeItemKey={(_, ticket) => ticket.id}
      increaseViewportBy={300}
      endReached={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      itemContent={(_, ticket) => <TicketRow ticket={ticket} isSelected={ticket.id === selectedId} now={now} />}
    />
  );
}
