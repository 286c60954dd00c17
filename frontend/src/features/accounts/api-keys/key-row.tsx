import { ActionIcon, Badge, Menu } from "@mantine/core";
import { IconDots, IconKey, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatDateTime, formatDay } from "@/lib/format";
import type { ApiKey } from "../api/list-api-keys";
import classes from "./keys.module.css";

const colors = { active: "green", expired: "orange", revoked: "gray" } as const;

export function KeyRow({ apiKey, onEdit, onRevoke }: { apiKey: ApiKey; onEdit: () => void; onRevoke: () => void }) {
  const { t, i18n } = useTranslation();
  const { state } = apiKey;
  const facts = [
    t("security.keys.scopeCount", { count: apiKey.scopes.length }),
    apiKey.created_by ? t("security.keys.createdBy", { name: apiKey.created_by, day: formatDay(apiKey.created_at, i18n.language) }) : formatDay(apiKey.created_at, i18n.language),
    apiKey.last_used_at ? t("security.keys.lastUsed", { time: formatDateTime(apiKey.last_used_at, i18n.language) }) : t("security.keys.neverUsed"),
    state === "revoked" && apiKey.revoked_at ? t("security.keys.revokedAt", { day: formatDay(apiKey.revoked_at, i18n.language) }) : apiKey.expires_at ? t(state === "expired" ? "security.keys.expiredAt" : "security.keys.expiresAt", { day: formatDay(apiKey.expires_at, i18n.language) }) : t("security.keys.noExpiry"),
  ];
  return (
    <article className={classes.key} data-closed={state !== "active" || undefined} aria-label={apiKey.name}>
      <span className={classes.icon}><IconKey size={20} stroke={1.6} /></span>
      <div className={classes.about}>
        <div className={classes.name}><strong className="ellipsis">{apiKey.name}</strong><Badge color={colors[state]}>{t(`security.keys.state.${state}`)}</Badge></div>
        <code className={classes.prefix}>{apiKey.prefix}…</code>
        <div className={classes.facts}>{facts.map((fact) => <span key={fact}>{fact}</span>)}</div>
      </div>
      {state !== "revoked" && (
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon aria-label={t("security.keys.actions", { name: apiKey.name })}><IconDots size={18} stroke={1.7} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={onEdit}>{t("common.edit")}</Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={onRevoke}>{t("security.keys.revoke")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </article>
  );
}
