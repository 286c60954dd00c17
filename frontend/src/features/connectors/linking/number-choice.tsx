import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatPhone } from "@/lib/format";
import type { AccountNumber } from "../api/list-account-numbers";
import { isRegistered } from "./credentials";
import classes from "./linking.module.css";

const statuses = ["CONNECTED", "DISCONNECTED", "PENDING", "UNVERIFIED", "FLAGGED", "RESTRICTED", "BANNED", "MIGRATED", "DELETED"] as const;

export function NumberChoice({ numbers, chosen, onChoose }: { numbers: AccountNumber[]; chosen: string; onChoose: (number: AccountNumber) => void }) {
  const { t } = useTranslation();
  if (numbers.length === 0) return <p className={classes.quiet} role="status">{t("linking.account.noNumbers")}</p>;
  return (
    <div className={classes.numbers} role="group" aria-label={t("linking.account.choose")}>
      {numbers.map((number) => {
        const status = statuses.find((each) => each === number.status.toUpperCase());
        return (
          <button key={number.phone_number_id} type="button" className={classes.numberRow} aria-pressed={number.phone_number_id === chosen} onClick={() => onChoose(number)}>
            <span className={classes.wayWords}><strong>{formatPhone(number.number)}</strong><span>{number.name}</span></span>
            <Badge color={isRegistered(number) ? "brand" : "yellow"}>{status ? t(`linking.account.numberStatus.${status}`) : number.status}</Badge>
          </button>
        );
      })}
    </div>
  );
}
