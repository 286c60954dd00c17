import { Popover, Select, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { queuesQuery } from "@/api/lookups";

type Props = { mine: boolean; queue: number | null; onMine: (mine: boolean) => void; onQueue: (queue: number | null) => void; button: ReactNode };

/** Open from the beginning. */
export function TicketFilters({ mine, queue, onMine, onQueue, button }: Props) {
  const { t } = useTranslation();
  const queues = useQuery(queuesQuery).data ?? [];
  return (
    <Popover defaultOpened position="bottom-end" shadow="md" width={240} trapFocus>
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Switch label={t("tickets.mine")} checked={mine} onChange={(event) => onMine(event.currentTarget.checked)} />
          <Select label={t("tickets.queue")} placeholder={t("tickets.allQueues")} clearable comboboxProps={{ withinPortal: false }} data={queues.map((item) => ({ value: String(item.id), label: item.name }))} value={queue === null ? null : String(queue)} onChange={(value) => onQueue(value ? Number(value) : null)} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
