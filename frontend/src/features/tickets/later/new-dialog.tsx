import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { connectionsQuery, templatesQuery, usualConnection } from "@/api/lookups";
import { useSession } from "@/api/session";
import { ContactSelect } from "../contact-select";
import { newPlan, writingOf } from "./plan";
import { isPast, isWritten, PlanFields } from "./plan-fields";
import { useSchedule } from "./schedules";
import { usePlan } from "./use-plan";

/** A message for later to any contact, from the calendar. It opens no conversation. */
export function NewScheduleDialog({ onClose, onScheduled }: { onClose: () => void; onScheduled: (schedule: Schemas["Schedule"]) => void }) {
  const { t } = useTranslation();
  const zone = useSession().company.timezone;
  const [openedAt] = useState(() => Date.now());
  const [contact, setContact] = useState<string | null>(null);
  const [choice, setChoice] = useState<string | null>(null);
  const connections = useQuery(connectionsQuery).data ?? [];
  const usual = usualConnection(connections);
  const connection = Number(choice ?? usual?.id ?? 0);
  const { data: templates = [] } = useQuery(templatesQuery(connection));
  const [plan, change] = usePlan(() => newPlan("", zone, openedAt));
  const schedule = useSchedule();
  const about = (field: string) => (schedule.error instanceof ApiError ? schedule.error.about(field) : undefined);
  const choose = (value: string | null) => {
    setChoice(value);
    change({ template: null });
  };
  const isReady = contact !== null && connection > 0 && isWritten(plan, templates, "") && !isPast(plan, zone, openedAt);
  return (
    <Modal opened onClose={onClose} title={t("tickets.later.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <ContactSelect value={contact} error={about("contact")} onChange={setContact} />
        <Select label={t("tickets.new.connection")} allowDeselect={false} data={connections.map((item) => ({ value: String(item.id), label: item.name }))} value={connection ? String(connection) : null} error={about("connection")} onChange={choose} />
        <PlanFields plan={plan} zone={zone} openedAt={openedAt} templates={templates} closesAt={null} fileName="" error={schedule.error} onChange={change} />
      </Stack>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button loading={schedule.isPending} disabled={!isReady} onClick={() => schedule.mutate(writingOf(plan, { contact: Number(contact), connection }, null), { onSuccess: onScheduled })}>{t("tickets.later.schedule")}</Button>
      </Group>
    </Modal>
  );
}
