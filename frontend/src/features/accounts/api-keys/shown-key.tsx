import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CopyField } from "@/components/copy-field";
import type { ShownApiKey } from "../api/save-api-key";
import classes from "./keys.module.css";

/** The key, this once. It closes by its button alone, so that nobody loses it by a click beside it. */
export function ShownKey({ apiKey, onClose }: { apiKey: ShownApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={t("security.keys.shownTitle", { name: apiKey.name })}>
      <Stack gap="sm">
        <Alert color="orange" variant="light" icon={<IconAlertTriangle size={18} />}>{t("security.keys.shownText")}</Alert>
        <CopyField label={t("security.keys.key")} value={apiKey.key} />
        <div>
          <p>{t("security.keys.sample")}</p>
          <pre className={classes.sample} tabIndex={0}>{`curl ${window.location.origin}/api/v1/auth/me/ \\\n  -H "Authorization: Api-Key ${apiKey.key}"`}</pre>
        </div>
        <Group justify="flex-end"><Button onClick={onClose}>{t("security.keys.kept")}</Button></Group>
      </Stack>
    </Modal>
  );
}
