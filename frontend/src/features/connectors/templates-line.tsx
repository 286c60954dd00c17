import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { templatesQuery } from "@/api/lookups";
import { useErrorToast } from "@/components/error-words";
import { useSyncTemplates } from "./api/sync-templates";

export function TemplatesLine({ connectionId, maySync }: { connectionId: number; maySync: boolean }) {
  const { t } = useTranslation();
  const onError = useErrorToast();
  const templates = useQuery(templatesQuery(connectionId)).data ?? [];
  const sync = useSyncTemplates(connectionId);
  const approved = templates.filter(({ status }) => status === "APPROVED").length;
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm">{t("connectors.templates", { total: templates.length, approved })}</Text>
      {maySync && (
        <Tooltip label={t("connectors.syncTemplates")}>
          <ActionIcon size={26} aria-label={t("connectors.syncTemplates")} loading={sync.isPending} onClick={() => sync.mutate(undefined, { onError })}><IconRefresh size={16} stroke={1.7} /></ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
