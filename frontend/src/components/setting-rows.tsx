import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDotsVertical, IconPencil, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "./page";
import classes from "./setting-rows.module.css";

export function SettingRows({ label, children }: { label: string; children: ReactNode }) {
  return <Card><ul className={classes.rows} aria-label={label}>{children}</ul></Card>;
}

type Props = { name: string; title: ReactNode; sub?: ReactNode; side?: ReactNode; onEdit?: () => void; onDelete?: () => void; onUp?: () => void; onDown?: () => void; hasOrder?: boolean };

/** One thing of a list in the settings: a click opens it, the menu has the rest. Without `onEdit` it is only to be read. */
export function SettingRow({ name, title, sub, side, onEdit, onDelete, onUp, onDown, hasOrder }: Props) {
  const { t } = useTranslation();
  const words = <><span className={classes.title}>{title}</span>{sub && <span className={classes.sub}>{sub}</span>}</>;
  return (
    <li className={classes.row}>
      {hasOrder && (
        <span className={classes.order}>
          <ActionIcon size={22} disabled={!onUp} aria-label={t("common.moveUp", { name })} onClick={onUp}><IconArrowUp size={14} stroke={2} /></ActionIcon>
          <ActionIcon size={22} disabled={!onDown} aria-label={t("common.moveDown", { name })} onClick={onDown}><IconArrowDown size={14} stroke={2} /></ActionIcon>
        </span>
      )}
      {onEdit ? <button type="button" className={classes.words} onClick={onEdit}>{words}</button> : <div className={classes.words}>{words}</div>}
      {side && <span className={classes.side}>{side}</span>}
      {(onEdit ?? onDelete) && (
        <Menu width={180}>
          <Menu.Target><ActionIcon aria-label={t("common.actionsOf", { name })}><IconDotsVertical size={18} stroke={1.6} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {onEdit && <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={onEdit}>{t("common.edit")}</Menu.Item>}
            {onDelete && <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={onDelete}>{t("common.delete")}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
