import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery, listsQuery } from "@/api/lookups";
import { formatPhone, formatDay } from "@/lib/format";
import classes from "./contact-panel.module.css";

type Contact = Schemas["Contact"];

const asText = (value: unknown, yes: string, no: string) => (typeof value === "boolean" ? (value ? yes : no) : typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The contact's facts: ways to reach them, the company's own fields, lists. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation();
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const lists = useQuery(listsQuery).data ?? [];
  const custom = contact.custom as Record<string, unknown>;
  const own = customFields.map((field) => [field.label, asText(custom[field.key], t("common.yes"), t("common.no"))] as const).filter(([, value]) => value !== "");
  const inLists = lists.filter((list) => contact.lists.includes(list.id)).map((list) => list.name);
  return (
    <section className={classes.section}>
      <h3>{t("contacts.details")}</h3>
      <dl className={classes.fields}>
        {contact.addresses.map((address) => (
          <div key={address.id}>
            <dt>{t(`contacts.address.${address.kind}`)}</dt>
            <dd>
              {address.kind === "phone" ? formatPhone(address.value) : address.value}
              {address.is_invalid && <div className={classes.bad}>{address.invalid_reason || t("contacts.invalid")}</div>}
            </dd>
          </div>
        ))}
        {contact.email && <div><dt>{t("contacts.email")}</dt><dd>{contact.email}</dd></div>}
        {own.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
        {inLists.length > 0 && <div><dt>{t("contacts.lists")}</dt><dd>{inLists.join(", ")}</dd></div>}
        <div><dt>{t("contacts.since")}</dt><dd>{formatDay(contact.created_at, i18n.language)}</dd></div>
      </dl>
    </section>
  );
}
