import { Tooltip } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ColleagueAvatar } from "@/components/colleague-avatar";
import { useTyping, useViewers } from "./company-here";
import classes from "./presence-line.module.css";

const FEW = 3;

/** The faces of colleagues who look at the conversation too. */
export function Viewers({ ticketId }: { ticketId: number }) {
  const { t, i18n } = useTranslation();
  const viewers = useViewers(ticketId);
  if (!viewers.length) return null;
  const names = new Intl.ListFormat(i18n.language).format(viewers.map(({ name }) => name));
  const words = t("tickets.viewing", { count: viewers.length, names });
  return (
    <Tooltip label={words}>
      <span className={classes.viewers} role="img" aria-label={words} tabIndex={0}>
        <IconEye size={14} stroke={1.7} aria-hidden />
        {viewers.slice(0, FEW).map((colleague) => <ColleagueAvatar key={colleague.id} colleague={colleague} size={24} />)}
        {viewers.length > FEW && <span className="tabular">+{viewers.length - FEW}</span>}
      </span>
    </Tooltip>
  );
}

/** Who types right now; nothing when nobody does. */
export function TypingWords({ ticketId, customer }: { ticketId: number; customer: string }) {
  const { t, i18n } = useTranslation();
  const { colleagues, isCustomer } = useTyping(ticketId);
  const names = [...(isCustomer ? [customer] : []), ...colleagues.map(({ name }) => name)];
  return <span role="status" className={classes.typing}>{names.length > 0 && t("tickets.typing", { count: names.length, names: new Intl.ListFormat(i18n.language).format(names) })}</span>;
}
