import { Button, Select } from "@mantine/core";
import { IconDeviceMobile, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { connectionsQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Page } from "@/components/page";
import { customersQuery } from "./api/play-customers";
import { CustomerDialog } from "./customer-dialog";
import { CustomerRows } from "./customer-rows";
import { FailureMenu } from "./failure-menu";
import { Handset } from "./handset";
import classes from "./phone.module.css";

/** The customer's phone, for the simulator: write as any of several customers and see what the company sends them. */
export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const asked = Number(useParams().connectionId) || null;
  const [params, setParams] = useSearchParams();
  const connections = useQuery(connectionsQuery);
  const simulators = (connections.data ?? []).filter(({ provider }) => provider === "simulator");
  const connection = simulators.find(({ id }) => id === asked) ?? simulators[0];
  const customers = useQuery({ ...customersQuery(connection?.id ?? 0), enabled: connection !== undefined });
  const [isAdding, setIsAdding] = useState(false);
  const number = params.get("customer");
  const customer = customers.data?.find((other) => other.number === number);
  const choose = (chosen: string | null) => setParams(chosen ? { customer: chosen } : {});

  if (connections.isError && !connections.data) return <ErrorState fill error={connections.error} onRetry={() => void connections.refetch()} />;
  return (
    <Page flush title={t("connectors.phone.title")} sub={t("connectors.phone.sub")} actions={connection && <FailureMenu connectionId={connection.id} />}>
      {connections.isPending && <LoadingRows count={4} />}
      {connections.data && !connection && (
        <EmptyState fill icon={IconDeviceMobile} title={t("connectors.phone.none")} text={t("connectors.phone.noneText")} action={may("connection.manage") && <Button component={Link} to="/connections">{t("connectors.title")}</Button>} />
      )}
      {connection && (
        <div className={classes.page} data-open={customer ? true : undefined}>
          <div className={classes.side}>
            <div className={classes.sideHead}>
              {simulators.length > 1 && <Select size="sm" allowDeselect={false} aria-label={t("connectors.title")} data={simulators.map(({ id, name }) => ({ value: String(id), label: name }))} value={String(connection.id)} onChange={(value) => void navigate(`/phone/${value}`)} />}
              <Button variant="default" size="sm" leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => setIsAdding(true)}>{t("connectors.phone.add")}</Button>
            </div>
            {customers.isPending && <LoadingRows count={4} height={60} />}
            {customers.isError && !customers.data && <ErrorState error={customers.error} onRetry={() => void customers.refetch()} />}
            {customers.data && <CustomerRows customers={customers.data} selected={number} onSelect={choose} />}
          </div>
          <div className={classes.desk}>
            {customer ? (
              <Handset key={`${connection.id}-${customer.number}`} connection={connection} customer={customer} onBack={() => choose(null)} />
            ) : (
              <EmptyState icon={IconDeviceMobile} title={t("connectors.phone.pick")} text={t("connectors.phone.pickText")} action={<Button onClick={() => setIsAdding(true)}>{t("connectors.phone.add")}</Button>} />
            )}
          </div>
          {isAdding && <CustomerDialog connectionId={connection.id} onClose={() => setIsAdding(false)} onAdded={choose} />}
        </div>
      )}
    </Page>
  );
}
