import { Button } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { DeleteDialog } from "@/components/delete-dialog";
import { Dot } from "@/components/dot";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { SettingRow, SettingRows } from "@/components/setting-rows";
import { moved } from "@/lib/reorder";
import { useDeleteQueue } from "../api/delete-queue";
import { quickRepliesQuery } from "../api/list-quick-replies";
import { useOrderQueues } from "../api/order-queues";
import { QueueForm } from "./queue-form";
import { Routings } from "./routings";

type Queue = Schemas["Queue"];

export function Component() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { data, isPending, isError, error, refetch } = useQuery(queuesQuery);
  const replies = useQuery(quickRepliesQuery).data ?? [];
  const [form, setForm] = useState<Queue | "new" | null>(null);
  const [gone, setGone] = useState<Queue | null>(null);
  const remove = useDeleteQueue();
  const order = useOrderQueues();
  const queues = data ?? [];
  const move = (from: number, to: number) => order.mutate(moved(queues, from, to), { onError: toast });
  const repliesOf = ({ id }: Queue) => replies.filter(({ queue }) => queue?.id === id).length;
  const add = <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setForm("new")}>{t("tickets.queues.new")}</Button>;
  return (
    <Page title={t("common.settings.page.queues")} sub={t("tickets.queues.sub")} phoneBack="/settings" actions={add}>
      {isPending && <Card><LoadingRows count={3} height={60} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconStack2} title={t("tickets.queues.empty")} text={t("tickets.queues.emptyText")} action={add} />}
      {queues.length > 0 && (
        <SettingRows label={t("common.settings.page.queues")}>
          {queues.map((queue, index) => (
            <SettingRow key={queue.id} name={queue.name} title={<Dot color={queue.color ?? "gray"}>{queue.name}</Dot>} sub={queue.members.map(({ name }) => name).join(", ") || t("tickets.queues.nobody")} hasOrder={queues.length > 1}
              onUp={index > 0 ? () => move(index, index - 1) : undefined} onDown={index < queues.length - 1 ? () => move(index, index + 1) : undefined} onEdit={() => setForm(queue)} onDelete={() => { remove.reset(); setGone(queue); }} />
          ))}
        </SettingRows>
      )}
      {queues.length > 0 && <Routings queues={queues} />}
      {form && <QueueForm queue={form === "new" ? null : form} position={queues.length} onClose={() => setForm(null)} />}
      {gone && <DeleteDialog name={gone.name} text={[t("tickets.queues.deleteText"), repliesOf(gone) > 0 && t("tickets.queues.deleteReplies", { count: repliesOf(gone) })].filter(Boolean).join(" ")} isPending={remove.isPending} error={remove.error} onClose={() => setGone(null)} onConfirm={() => remove.mutate(gone.id, { onSuccess: () => setGone(null) })} />}
    </Page>
  );
}
