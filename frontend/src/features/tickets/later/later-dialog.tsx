import { Button, Group, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { templatesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { newPlan, writingOf } from "./plan";
import { isPast, isWritten, PlanFields } from "./plan-fields";
import { useSchedule } from "./schedules";
import { usePlan } from "./use-plan";

type Props = { ticketId: number; connectionId: number; closesAt: string | null; text: string; media: Schemas["Media"] | null; onDone: () => void; onClose: () => void };

/** When the written message goes: once, or again and again, by the company's clocks. Where the window is shut it begins with a template. */
export function LaterDialog({ ticketId, connectionId, closesAt, text, media, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const zone = useSession().company.timezone;
  const [openedAt] = useState(() => Date.now());
  const { data: templates = [] } = useQuery(templatesQuery(connectionId));
  const isShut = closesAt !== null && Date.parse(closesAt) <= openedAt;
  const [plan, change] = usePlan(() => newPlan(text, zone, openedAt, isShut && !text));
  const schedule = useSchedule();
  const fileName = media ? media.filename || t("tickets.later.file") : "";
  return (
    <Modal opened onClose={onClose} title={t("tickets.later.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <PlanFields plan={plan} zone={zone} openedAt={openedAt} templates={templates} closesAt={closesAt} fileName={fileName} error={schedule.error} onChange={change} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button loading={schedule.isPending} disabled={!isWritten(plan, templates, fileName) || isPast(plan, zone, openedAt)} onClick={() => schedule.mutate(writingOf(plan, { ticket: ticketId }, media?.id ?? null), { onSuccess: onDone })}>{t("tickets.later.schedule")}</Button>
      </Group>
    </Modal>
  );
}
