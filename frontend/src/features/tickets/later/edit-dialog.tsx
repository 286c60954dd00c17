import { Button, Group, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { templatesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { changesOf, planOf } from "./plan";
import { isPast, isWritten, PlanFields } from "./plan-fields";
import { type Schedule, useChangeSchedule } from "./schedules";
import { usePlan } from "./use-plan";

/** Other words, another time, another rhythm. One that failed waits again. */
export function EditScheduleDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const { t } = useTranslation();
  const zone = useSession().company.timezone;
  const [openedAt] = useState(() => Date.now());
  const { data: templates = [] } = useQuery(templatesQuery(schedule.connection.id));
  const [plan, setPlan] = usePlan(() => planOf(schedule, zone, openedAt));
  const change = useChangeSchedule(schedule.id);
  const fileName = schedule.media && !schedule.template ? schedule.media.filename || t("tickets.later.file") : "";
  const changes = changesOf(plan, schedule, zone);
  const isLate = changes.first_at !== undefined && isPast(plan, zone, openedAt);
  return (
    <Modal opened onClose={onClose} title={t("tickets.later.edit")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <PlanFields plan={plan} zone={zone} openedAt={openedAt} templates={templates} closesAt={null} fileName={fileName} error={change.error} onChange={setPlan} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button loading={change.isPending} disabled={!isWritten(plan, templates, fileName) || isLate} onClick={() => change.mutate(changes, { onSuccess: onClose })}>{t("common.save")}</Button>
      </Group>
    </Modal>
  );
}
