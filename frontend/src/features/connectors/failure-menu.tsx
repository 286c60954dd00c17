import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorToast } from "@/components/error-words";
import { useOrderFailure } from "./api/order-failure";

const failures = ["not_on_whatsapp", "undeliverable", "unavailable", "timeout", "throttled", "token_expired"] as const;

/** Real networks fail; here one may ask for it. */
export function FailureMenu({ connectionId }: { connectionId: number }) {
  const { t } = useTranslation();
  const onError = useErrorToast();
  const order = useOrderFailure(connectionId);
  const ask = (code: string) => order.mutate(code, { onError, onSuccess: () => void notifications.show({ message: t("connectors.failure.ordered") }) });
  return (
    <Menu>
      <Menu.Target><Button variant="default" leftSection={<IconAlertTriangle size={16} stroke={1.7} />}>{t("connectors.failure.title")}</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("connectors.failure.label")}</Menu.Label>
        {failures.map((code) => <Menu.Item key={code} onClick={() => ask(code)}>{t(`connectors.failure.${code}`)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
