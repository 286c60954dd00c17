import { ActionIcon, Popover, Select, Stack, Switch } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queuesQuery } from "@/api/lookups";
import classes from "./ticket-list.module.css";

type Props = { mine: boolean; queue: number | null; onMine: (mine: boolean) => void; onQueue: (queue: number | null) => void };

export function TicketFilterMenu({ mine, queue, onMine, onQueue }: Props) {
  const { t } = useTranslation();
  const queues = useQuery(queuesQuery).data ?? [];
  return (
    <Popover position="bottom-end" shadow="md" width={240} trapFocus>
      <Popover.Target>
        <ActionIcon className={classes.filter} data-active={mine || queue !== null || undefined} aria-label={t("tickets.filter")}><IconAdjustmentsHorizontal size={18} stroke={1.6} /></ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Switch label={t("tickets.mine")} checked={mine} onChange={(event) => onMine(event.currentTarget.checked)} />
          <Select label={t("tickets.queue")} placeholder={t("tickets.allQueues")} clearable comboboxProps={{ withinPortal: false }} data={queues.map((item) => ({ value: String(item.id), label: item.name }))} value={queue === null ? null : String(queue)} onChange={(value) => onQueue(value ? Number(value) : null)} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
