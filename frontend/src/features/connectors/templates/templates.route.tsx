import { Button, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconRefresh, IconSearch, IconTemplate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Schemas } from "@/api/client";
import { connectionsQuery, templatesQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { SettingRows } from "@/components/setting-rows";
import { useDeleteTemplate } from "../api/delete-template";
import { useSyncTemplates } from "../api/sync-templates";
import { categories } from "./draft";
import { type Filters, matching, noFilters } from "./matching";
import { TemplateRow } from "./template-row";
import { statuses } from "./template-status";
import classes from "./templates.module.css";

export function Component() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const id = Number(useParams().connectionId);
  const mayManage = useMay()("template.manage");
  const connection = useQuery(connectionsQuery).data?.find((each) => each.id === id);
  const { data, isError, error, refetch } = useQuery(templatesQuery(id));
  const [filters, setFilters] = useState<Filters>(noFilters);
  const [doomed, setDoomed] = useState<Schemas["Template"] | null>(null);
  const sync = useSyncTemplates(id);
  const remove = useDeleteTemplate(id);
  const mayWrite = mayManage && connection?.capabilities.manages_templates;
  const found = data && matching(data, filters);
  const present = (values: readonly string[], field: "status" | "category" | "quality") => values.filter((value) => data?.some((template) => template[field] === value));
  const narrow = (change: Partial<Filters>) => setFilters({ ...filters, ...change });
  const add = mayWrite && <Button component={Link} to={`/connections/${id}/templates/new`} leftSection={<IconPlus size={16} stroke={2} />}>{t("templates.new")}</Button>;
  const fetch = mayManage && connection?.capabilities.is_asked && (
    <Button variant="default" aria-label={t("connectors.syncTemplates")} loading={sync.isPending} onClick={() => sync.mutate(undefined, { onError: toast, onSuccess: (all) => notifications.show({ message: t("templates.synced", { count: all.length }) }) })}><IconRefresh size={16} stroke={1.7} /><span className={classes.wide}>{t("templates.sync")}</span></Button>
  );
  return (
    <Page title={t("templates.title")} sub={connection?.name} back={`/connections/${id}`} actions={<>{fetch}{add}</>}>
      {!data && !isError && <Card><LoadingRows count={4} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconTemplate} title={t("templates.empty")} text={t("templates.emptyText")} action={add} />}
      {data && data.length > 0 && (
        <div className={classes.filters}>
          <TextInput aria-label={t("templates.search")} placeholder={t("templates.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={filters.words} onChange={(event) => narrow({ words: event.currentTarget.value })} />
          <Select clearable aria-label={t("templates.filterStatus")} placeholder={t("templates.anyStatus")} data={statuses.filter((each) => present(statuses, "status").includes(each)).map((value) => ({ value, label: t(`templates.status.${value}`) }))} value={filters.status} onChange={(status) => narrow({ status })} />
          <Select clearable aria-label={t("templates.category")} placeholder={t("templates.anyCategory")} data={categories.filter((each) => present(categories, "category").includes(each)).map((value) => ({ value, label: t(`templates.categoryOf.${value}`) }))} value={filters.category} onChange={(category) => narrow({ category })} />
          <Select clearable aria-label={t("templates.filterQuality")} placeholder={t("templates.anyQuality")} data={(["GREEN", "YELLOW", "RED"] as const).map((value) => ({ value, label: t(`templates.qualityOf.${value}`) }))} value={filters.quality} onChange={(quality) => narrow({ quality })} />
          <Select clearable aria-label={t("templates.filterReason")} placeholder={t("templates.anyReason")} data={[{ value: "yes", label: t("templates.withReason") }]} value={filters.hasReason ? "yes" : null} onChange={(value) => narrow({ hasReason: value !== null })} />
        </div>
      )}
      {data && data.length > 0 && found?.length === 0 && <p className={classes.none}>{t("templates.noMatch")}</p>}
      {found && found.length > 0 && <SettingRows label={t("templates.title")}>{found.map((template) => <TemplateRow key={template.id} template={template} to={`/connections/${id}/templates/${template.id}`} onDelete={mayWrite ? () => setDoomed(template) : undefined} />)}</SettingRows>}
      <Confirm danger opened={doomed !== null} title={t("common.deleteNamed", { name: doomed?.name ?? "" })} action={t("common.delete")} busy={remove.isPending} onClose={() => setDoomed(null)} onConfirm={() => doomed && remove.mutate(doomed.id, { onError: toast, onSettled: () => setDoomed(null) })}>{t("templates.deleteText")}</Confirm>
    </Page>
  );
}
