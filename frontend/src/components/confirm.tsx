import { Button, Group, Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Props = { opened: boolean; title: string; children: ReactNode; action: string; danger?: boolean; busy?: boolean; onConfirm: () => void; onClose: () => void };

/** Asks once more before something that cannot be taken back. */
export function Confirm({ opened, title, children, action, danger, busy, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="sm" closeButtonProps={{ "aria-label": t("common.close") }}>
      <Text size="md" c="dimmed" mb="md">{children}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button color={danger ? "red" : undefined} loading={busy} onClick={onConfirm} data-autofocus>{action}</Button>
      </Group>
    </Modal>
  );
}
