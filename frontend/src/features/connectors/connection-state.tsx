import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";

type Connection = Schemas["Connection"];

const colors: Record<Connection["state"], string> = { new: "gray", connecting: "yellow", connected: "brand", closed: "red", paused: "yellow" };

export function ConnectionState({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  if (!connection.is_enabled) return <Badge color="gray">{t("connectors.disabled")}</Badge>;
  return <Badge color={colors[connection.state]}>{t(`connectors.state.${connection.state}`)}</Badge>;
}
