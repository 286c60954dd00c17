import { IconBuilding, IconChevronDown, IconKey, IconQuestionMark, IconRobot, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "@/lib/format";
import type { AuditEntry } from "../api/list-audit";
import classes from "./audit.module.css";

const icons = { user: IconUser, api_key: IconKey, staff: IconBuilding, system: IconRobot, stranger: IconQuestionMark } as const;
const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

type Props = { entry: AuditEntry; isOpen: boolean; onToggle: () => void };

export function AuditRow({ entry, isOpen, onToggle }: Props) {
  const { t, i18n } = useTranslation();
  const ActorIcon = icons[entry.actor.kind];
  return (
    <>
      <button type="button" className={classes.row} aria-expanded={isOpen} onClick={onToggle}>
        <span className={classes.icon}><ActorIcon size={16} stroke={1.7} role="img" aria-label={t(`security.audit.by.${entry.actor.kind}`)} /></span>
        <span className={classes.sentence}>{entry.sentence}</span>
        <span className={`${classes.time} tabular`}>{formatDateTime(entry.created_at, i18n.language)}</span>
        <IconChevronDown className={classes.chevron} size={16} stroke={1.7} />
      </button>
      {isOpen && <Detail entry={entry} />}
    </>
  );
}

function Detail({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation();
  const shown = (value: string | null) => (value === null || value === "" ? "—" : isMoment.test(value) ? formatDateTime(value, i18n.language) : value);
  const device: unknown = (entry.facts as Record<string, unknown>).device;
  return (
    <div className={classes.detail}>
      {entry.changes.length > 0 && (
        <dl className={classes.changes}>
          {entry.changes.map((change) => (
            <div key={change.field}>
              <dt>{change.label}</dt>
              <dd>{change.is_secret ? <em>{t("security.audit.secret")}</em> : <><del>{shown(change.before)}</del><span aria-hidden> → </span><ins>{shown(change.after)}</ins></>}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className={classes.facts}>
        <span>{t(`security.audit.by.${entry.actor.kind}`)}: {entry.actor.name}</span>
        {entry.address && <span>{t("security.audit.address", { address: entry.address })}</span>}
        {typeof device === "string" && device && <span>{device}</span>}
        <span>{t("security.audit.entry", { id: entry.id })}</span>
      </div>
    </div>
  );
}
