import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { PersonAvatar } from "@/components/person-avatar";
import { formatPhone, formatRecent } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import classes from "./phone.module.css";

type Props = { customers: Schemas["Customer"][]; selected: string | null; onSelect: (number: string) => void };

export function CustomerRows({ customers, selected, onSelect }: Props) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (!customers.length) return <p className={classes.empty}>{t("connectors.phone.nobody")}</p>;
  return (
    <div className={classes.customers}>
      {customers.toSorted((a, b) => b.last_at_ms - a.last_at_ms).map((customer) => (
        <button key={customer.number} type="button" className={classes.customer} data-selected={customer.number === selected || undefined} aria-pressed={customer.number === selected} onClick={() => onSelect(customer.number)}>
          <PersonAvatar name={customer.name || customer.number} size={36} />
          <span className={classes.who}>
            <div className={`${classes.name} ellipsis`}>{customer.name || formatPhone(customer.number)}</div>
            <div className={`${classes.meta} ellipsis`}>{customer.name ? formatPhone(customer.number) : t("connectors.phone.customer")}</div>
          </span>
          {customer.last_at_ms > 0 && <time className={`${classes.meta} tabular`}>{formatRecent(customer.last_at_ms, i18n.language, now)}</time>}
        </button>
      ))}
    </div>
  );
}
