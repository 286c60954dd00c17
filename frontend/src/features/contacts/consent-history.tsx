import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "@/lib/format";
import { consentQuery } from "./api/consent";
import classes from "./contact-panel.module.css";

/** The ledger in words. `version`: changes when the contact does, and the ledger is asked for again. */
export function ConsentHistory({ contactId, version }: { contactId: number; version: string }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({ ...consentQuery(contactId), queryKey: [...consentQuery(contactId).queryKey, version] });
  if (!data?.length) return null;
  return (
    <ol className={classes.history} aria-label={t("contacts.consentHistory")}>
      {data.map((entry) => (
        <li key={entry.id}>
          <strong>{t(`contacts.consentDeed.${entry.deed}.${entry.purpose}`)}</strong>
          <span>{entry.by_name ? t("contacts.consentBy", { name: entry.by_name }) : t(`contacts.consentSource.${entry.source}`)}{entry.words && ` · “${entry.words}”`}</span>
          <time dateTime={entry.created_at}>{formatDateTime(entry.created_at, i18n.language)}</time>
        </li>
      ))}
    </ol>
  );
}
