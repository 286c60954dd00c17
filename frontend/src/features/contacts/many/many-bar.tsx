import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconListDetails, IconTag, IconTrash, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import type { ContactFilters } from "@/api/lookups";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { formatCount } from "@/lib/format";
import { type ManyDeed, useChangeMany } from "../api/change-many";
import { contactCountQuery } from "../api/count-contacts";
import { WordsDialog } from "./words-dialog";
import classes from "./many-bar.module.css";

export type Selection = { ids: number[]; isAll: boolean };
type Props = { selection: Selection; filters: ContactFilters; onAll: () => void; onClear: () => void };

/** What can be done with those who are selected; or with everybody whom the filters leave, shown or not. */
export function ManyBar({ selection, filters, onAll, onClear }: Props) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const may = useMay();
  const all = useQuery(contactCountQuery(filters)).data;
  const [dialog, setDialog] = useState<"tags" | "lists" | "delete" | null>(null);
  const change = useChangeMany({ contacts: selection.ids, filters: selection.isAll ? filters : null });
  const count = selection.isAll ? (all ?? 0) : selection.ids.length;
  const shown = formatCount(count, i18n.language);
  const run = (deed: ManyDeed) =>
    change.mutate(deed, {
      onSuccess: (told) => {
        const words = deed.kind !== "delete" ? "contacts.many.changed" : told.is_done ? "contacts.many.deleted" : "contacts.many.deleting";
        notifications.show({ message: t(words, { count: told.count, shown: formatCount(told.count, i18n.language), kept: formatCount(told.kept, i18n.language) }) });
        onClear();
      },
      onError: toast,
      onSettled: () => setDialog(null),
    });
  return (
    <div className={classes.bar} role="toolbar" aria-label={t("contacts.many.label")}>
      <ActionIcon aria-label={t("contacts.many.clear")} onClick={onClear}><IconX size={18} stroke={1.6} /></ActionIcon>
      <strong className="tabular">{t("contacts.many.selected", { count, shown })}</strong>
      {!selection.isAll && all !== undefined && all > count && <Button variant="subtle" onClick={onAll}>{t("contacts.many.all", { shown: formatCount(all, i18n.language) })}</Button>}
      <span className={classes.space} />
      {may("contact.write_many") && <Button variant="default" leftSection={<IconTag size={15} stroke={1.8} />} onClick={() => setDialog("tags")}>{t("contacts.tags")}</Button>}
      {may("contact_list.manage") && <Button variant="default" leftSection={<IconListDetails size={15} stroke={1.8} />} onClick={() => setDialog("lists")}>{t("contacts.lists")}</Button>}
      {may("contact.delete") && <Button variant="default" color="red" leftSection={<IconTrash size={15} stroke={1.8} />} onClick={() => setDialog("delete")}>{t("common.delete")}</Button>}
      {(dialog === "tags" || dialog === "lists") && <WordsDialog kind={dialog} count={count} busy={change.isPending} onClose={() => setDialog(null)} onApply={(add, remove) => run({ kind: dialog, add, remove })} />}
      <Confirm opened={dialog === "delete"} title={t("contacts.many.delete", { count, shown })} action={t("common.delete")} danger busy={change.isPending} onClose={() => setDialog(null)} onConfirm={() => run({ kind: "delete" })}>
        {t("contacts.many.deleteText")}
      </Confirm>
    </div>
  );
}
