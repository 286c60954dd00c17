import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Recipient } from "./api/list-recipients";
import classes from "./report.module.css";

const colors: Record<string, string> = { read: "blue", played: "blue", delivered: "brand", sent: "brand", accepted: "brand", failed: "red", unknown: "yellow" };

/** Sent: how far the message got. Otherwise: what we did instead, and why. */
export function RecipientOutcome({ recipient }: { recipient: Recipient }) {
  const { t } = useTranslation();
  const { state, status, exclusion, error_text, error_href, replied_at } = recipient;
  const isOut = state === "sent" || state === "failed" || state === "unknown";
  const words = isOut ? t(`campaigns.delivery.${status}`) : t(`campaigns.state.${state ?? "pending"}`);
  return (
    <div style={{ textAlign: "end" }}>
      {replied_at && <Badge color="violet" mr={4}>{t("campaigns.count.replied")}</Badge>}
      <Badge color={isOut ? (colors[status] ?? "gray") : "gray"}>{words}</Badge>
      {exclusion && <small>{t(`campaigns.exclusion.${exclusion}`)}</small>}
      {error_text && <small className={classes.bad}>{error_text}</small>}
      {error_href && <small><a href={error_href} target="_blank" rel="noreferrer">{t("campaigns.aboutError")}</a></small>}
    </div>
  );
}
