import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";

export const statuses = ["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "FLAGGED", "IN_APPEAL", "LIMIT_EXCEEDED", "PENDING_DELETION", "DELETED"] as const;
const colors: Record<string, string> = { APPROVED: "brand", REJECTED: "red", DISABLED: "red", PAUSED: "yellow", PENDING: "yellow", FLAGGED: "yellow", IN_APPEAL: "yellow" };

/** Where the template stands with the gateway; one that we do not know is shown as it says. */
export function TemplateStatus({ template }: { template: Pick<Schemas["Template"], "status"> }) {
  const { t } = useTranslation();
  const known = statuses.find((each) => each === template.status);
  return <Badge color={colors[template.status] ?? "gray"}>{known ? t(`templates.status.${known}`) : template.status}</Badge>;
}
