import { Button, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { flat } from "@/api/page";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useErrorWords } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { auditChoicesQuery, type AuditFilters, auditQuery } from "./api/list-audit";
import { useExportAudit } from "./api/export-audit";
import classes from "./audit/audit.module.css";
import { AuditRow } from "./audit/audit-row";

const everything: AuditFilters = { kind: "", actor: "", since: "", until: "" };

/** Who did what, when and from where. */
export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [filters, setFilters] = useState(everything);
  const [open, setOpen] = useState<number | null>(null);
  const choices = useQuery(auditChoicesQuery()).data;
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(auditQuery(filters));
  const exporting = useExportAudit();
  const entries = flat(data);
  const isFiltered = Object.values(filters).some(Boolean);
  const set = (change: Partial<AuditFilters>) => setFilters({ ...filters, ...change });
  const download = () => exporting.mutate(filters, { onError: (reason) => notifications.show({ color: "red", message: words(reason) }) });
  return (
    <Page title={t("security.audit.title")} sub={t("security.audit.sub")} phoneBack="/settings"
      actions={<Button variant="default" leftSection={<IconDownload size={16} stroke={1.7} />} loading={exporting.isPending} onClick={download}>{t("security.audit.export")}</Button>}>
      <div className={classes.filters} role="search">
        <Select size="sm" clearable searchable aria-label={t("security.audit.kind")} placeholder={t("security.audit.kind")} data={choices?.kinds.map(({ value, name }) => ({ value, label: name })) ?? []} value={filters.kind || null} onChange={(kind) => set({ kind: kind ?? "" })} />
        <Select size="sm" clearable searchable aria-label={t("security.audit.actor")} placeholder={t("security.audit.actor")} data={choices?.actors.map(({ value, name }) => ({ value, label: name })) ?? []} value={filters.actor || null} onChange={(actor) => set({ actor: actor ?? "" })} />
        <TextInput size="sm" type="date" aria-label={t("security.audit.since")} max={filters.until || undefined} value={filters.since} onChange={(event) => set({ since: event.currentTarget.value })} />
        <span className={classes.to}>{t("security.audit.to")}</span>
        <TextInput size="sm" type="date" aria-label={t("security.audit.until")} min={filters.since || undefined} value={filters.until} onChange={(event) => set({ until: event.currentTarget.value })} />
        {isFiltered && <Button size="sm" variant="subtle" onClick={() => setFilters(everything)}>{t("common.clear")}</Button>}
      </div>
      {isPending && <Card><LoadingRows count={6} height={56} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && entries.length === 0 && <EmptyState icon={IconHistory} title={t(isFiltered ? "security.audit.noMatch" : "security.audit.empty")} text={t(isFiltered ? "security.audit.noMatchText" : "security.audit.emptyText")} />}
      {entries.length > 0 && <Card>{entries.map((entry) => <AuditRow key={entry.id} entry={entry} isOpen={entry.id === open} onToggle={() => setOpen(entry.id === open ? null : entry.id)} />)}</Card>}
      {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
    </Page>
  );
}
