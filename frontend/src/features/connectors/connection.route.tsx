import { Button } from "@mantine/core";
import { IconAlertTriangle, IconTemplate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { connectionsQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Page } from "@/components/page";
import { formatPhone } from "@/lib/format";
import { ConnectionState } from "./connection-state";
import { HealthPanel } from "./health/health-panel";
import classes from "./linking/linking.module.css";
import { RegisterPanel } from "./linking/register-panel";
import { PacingPanel } from "./pacing/pacing-panel";
import { WebhookPanel } from "./linking/webhook-panel";

/** One number: how it is, what it lacks, and where its gateway calls. */
export function Component() {
  const { t } = useTranslation();
  const id = Number(useParams().connectionId);
  const mayManage = useMay()("connection.manage");
  const { data, isError, error, refetch } = useQuery(connectionsQuery);
  const connection = data?.find((each) => each.id === id);
  const isCloud = connection?.provider === "cloud_api";
  const canRegister = mayManage && connection?.capabilities.registers_numbers && (connection.state === "new" || connection.state === "closed");
  const sub = connection && <>{t(`connectors.provider.${connection.provider}`)}{connection.number && ` · ${formatPhone(connection.number)}`}</>;
  return (
    <Page title={connection?.name ?? t("connectors.title")} sub={sub} back="/connections" actions={connection && <ConnectionState connection={connection} />}>
      {!data && !isError && <LoadingRows count={3} />}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && !connection && <EmptyState icon={IconAlertTriangle} title={t("connectors.title")} text={t("linking.missing")} />}
      {connection && (
        <div className={isCloud && mayManage ? classes.panels : classes.column}>
          <div className={classes.column}>
            <HealthPanel connection={connection} mayManage={mayManage} />
            <PacingPanel connectionId={connection.id} mayManage={mayManage} />
            {connection.capabilities.has_templates && <div><Button variant="default" component={Link} to={`/connections/${id}/templates`} leftSection={<IconTemplate size={16} stroke={1.7} />}>{t("linking.finish.toTemplates")}</Button></div>}
          </div>
          {isCloud && mayManage && (
            <div className={classes.column}>
              {canRegister && <RegisterPanel connection={connection} />}
              <WebhookPanel key={connection.id} connection={connection} verifyToken="" />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
