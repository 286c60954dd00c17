import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { isComplete, type TemplateDraft, TemplateFields } from "@/components/template-fields";
import { bodyOf, fill } from "@/lib/template";

type Props = { templates: Schemas["Template"][]; onSend: (draft: TemplateDraft, text: string) => void; onClose: () => void };

export function TemplateDialog({ templates, onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<TemplateDraft | null>(null);
  const chosen = templates.find((template) => template.id === draft?.id);
  const send = () => {
    if (!draft || !chosen) return;
    onSend(draft, fill(bodyOf(chosen), draft.variables));
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("tickets.sendTemplate")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <TemplateFields templates={templates} value={draft} onChange={setDraft} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button disabled={!isComplete(draft, templates)} onClick={send}>{t("tickets.send")}</Button>
      </Group>
    </Modal>
  );
}
