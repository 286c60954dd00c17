import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schemas } from "@/api/client";
import { connectionsQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { ConnectionCard } from "./connection-card";
import { ConnectionForm } from "./connection-form";
import classes from "./connections.module.css";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const { data, isPending, isError, error, refetch } = useQuery(connectionsQuery);
  const [form, setForm] = useState<Schemas["Connection"] | null>(null);
  const add = may("connection.manage") && <Button component={Link} to="/connections/new" leftSection={<IconPlus size={16} stroke={2} />}>{t("connectors.new")}</Button>;
  return (
    <Page title={t("connectors.title")} actions={add}>
      {isPending && <Card><LoadingRows count={3} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconPlugConnected} title={t("connectors.empty")} text={t("connectors.emptyText")} action={add} />}
      <div className={classes.cards}>
        {data?.map((connection) => <ConnectionCard key={connection.id} connection={connection} onEdit={() => setForm(connection)} />)}
      </div>
      {form && <ConnectionForm connection={form} onClose={() => setForm(null)} />}
    </Page>
  );
}
