import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBrandWhatsapp, IconDeviceMobile, IconDots, IconHeartbeat, IconPencil, IconPlugConnected, IconPlugConnectedX, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schemas } from "@/api/client";
import { useMay } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatDateTime, formatPhone } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useMoveConnection } from "./api/move-connection";
import { ConnectionState } from "./connection-state";
import classes from "./connections.module.css";
import { TemplatesLine } from "./templates-line";

export function ConnectionCard({ connection, onEdit }: { connection: Schemas["Connection"]; onEdit: () => void }) {
  const { t, i18n } = useTranslation();
  const onError = useErrorToast();
  const now = useNow();
  const mayManage = useMay()("connection.manage");
  const { connect, disconnect, refresh, resume, remove } = useMoveConnection(connection.id);
  const isSimulator = connection.provider === "simulator";
  const [isDeleting, setIsDeleting] = useState(false);
  const isConnected = connection.state === "connected";
  const isPaused = connection.paused_until !== null && Date.parse(connection.paused_until) > now;
  const isUnwell = connection.health_rest_until !== null && Date.parse(connection.health_rest_until) > now;
  const Icon = isSimulator ? IconDeviceMobile : IconBrandWhatsapp;
  const when = (at: string | null) => (at ? formatDateTime(at, i18n.language) : t("connectors.never"));
  return (
    <Card className={classes.card}>
      <div className={classes.head}>
        <span className={classes.icon}><Icon size={22} stroke={1.6} /></span>
        <div className={classes.title}>
          <h2 className="ellipsis"><Link to={`/connections/${connection.id}`}>{connection.name}</Link></h2>
          <div className={`${classes.meta} ellipsis`}>{t(`connectors.provider.${connection.provider}`)}{connection.number && ` · ${formatPhone(connection.number)}`}</div>
        </div>
        <ConnectionState connection={connection} />
      </div>
      {connection.state_reason && <div className={classes.reason} data-mild={isConnected || undefined}>{connection.state_reason}</div>}
      {isPaused && <div className={classes.reason} data-mild>{t("connectors.pausedUntil", { time: when(connection.paused_until) })}</div>}
      {isUnwell && <div className={classes.reason} data-mild>{t("connectors.unwellUntil", { time: when(connection.health_rest_until) })} {connection.health_rest_reason}</div>}
      <dl className={classes.facts}>
        <dt>{t("connectors.lastInbound")}</dt><dd>{when(connection.last_inbound_at)}</dd>
        <dt>{t("connectors.lastSent")}</dt><dd>{when(connection.last_sent_at)}</dd>
      </dl>
      {connection.capabilities.has_templates && <TemplatesLine connectionId={connection.id} maySync={mayManage && !isSimulator} />}
      <div className={classes.actions}>
        {mayManage && !isConnected && <Button loading={connect.isPending} leftSection={<IconPlugConnected size={16} stroke={1.8} />} onClick={() => connect.mutate(undefined, { onError })}>{t("connectors.connect")}</Button>}
        {mayManage && (isPaused || isUnwell) && <Button variant="default" loading={resume.isPending} onClick={() => resume.mutate(undefined, { onError })}>{t("connectors.resume")}</Button>}
        {!isSimulator && <Button variant="default" component={Link} to={`/connections/${connection.id}`} leftSection={<IconHeartbeat size={16} stroke={1.7} />}>{t("linking.details")}</Button>}
        {isSimulator && <Button variant="default" component={Link} to={`/phone/${connection.id}`} leftSection={<IconDeviceMobile size={16} stroke={1.7} />}>{t("connectors.openPhone")}</Button>}
        {!isSimulator && <Button variant="default" loading={refresh.isPending} leftSection={<IconRefresh size={16} stroke={1.7} />} onClick={() => refresh.mutate(undefined, { onError })}>{t("connectors.check")}</Button>}
        {mayManage && (
          <Menu>
            <Menu.Target><ActionIcon aria-label={t("connectors.more", { name: connection.name })}><IconDots size={18} stroke={1.6} /></ActionIcon></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={onEdit}>{t("common.edit")}</Menu.Item>
              {isConnected && <Menu.Item leftSection={<IconPlugConnectedX size={16} stroke={1.6} />} onClick={() => disconnect.mutate(undefined, { onError })}>{t("connectors.disconnect")}</Menu.Item>}
              <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setIsDeleting(true)}>{t("common.delete")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <Confirm danger opened={isDeleting} title={t("connectors.delete")} action={t("common.delete")} busy={remove.isPending} onClose={() => setIsDeleting(false)} onConfirm={() => remove.mutate(undefined, { onError, onSettled: () => setIsDeleting(false) })}>{t("connectors.deleteText", { name: connection.name })}</Confirm>
    </Card>
  );
}
