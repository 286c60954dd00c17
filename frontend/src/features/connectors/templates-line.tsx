import { ActionIcon, Anchor, Group, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { templatesQuery } from "@/api/lookups";
import { useErrorToast } from "@/components/error-words";
import { useSyncTemplates } from "./api/sync-templates";

/** A connection without templates shows the line only to somebody who can fetch them. */
export function TemplatesLine({ connectionId, maySync }: { connectionId: number; maySync: boolean }) {
  const { t } = useTranslation();
  const onError = useErrorToast();
  const { data: templates } = useQuery(templatesQuery(connectionId));
  const sync = useSyncTemplates(connectionId);
  if (!templates || (templates.length === 0 && !maySync)) return null;
  const approved = templates.filter(({ status }) => status === "APPROVED").length;
  return (
    <Group justify="space-between" gap="xs">
      <Anchor size="sm" component={Link} to={`/connections/${connectionId}/templates`}>{templates.length ? t("connectors.templates", { total: templates.length, approved }) : t("connectors.noTemplates")}</Anchor>
      {maySync && (
        <Tooltip label={t("connectors.syncTemplates")}>
          <ActionIcon size={26} aria-label={t("connectors.syncTemplates")} loading={sync.isPending} onClick={() => sync.mutate(undefined, { onError })}><IconRefresh size={16} stroke={1.7} /></ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
