import { Button, Group, Modal, MultiSelect, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listsQuery, tagsQuery } from "@/api/lookups";
import { formatCount } from "@/lib/format";
import { useCreateList } from "../api/create-list";
import { useCreateTag } from "../api/create-tag";
import { CreatableMultiSelect } from "../creatable-multi-select";

type Props = { kind: "tags" | "lists"; count: number; busy: boolean; onApply: (add: number[], remove: number[]) => void; onClose: () => void };

/** Which tags, or lists, many contacts are to get and to lose. */
export function WordsDialog({ kind, count, busy, onApply, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const tags = useQuery(tagsQuery).data ?? [];
  const lists = useQuery(listsQuery).data ?? [];
  const createTag = useCreateTag();
  const createList = useCreateList();
  const [add, setAdd] = useState<number[]>([]);
  const [remove, setRemove] = useState<number[]>([]);
  const options = kind === "tags" ? tags : lists;
  return (
    <Modal opened onClose={onClose} title={t(`contacts.many.${kind}`, { count, shown: formatCount(count, i18n.language) })} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <CreatableMultiSelect label={t("contacts.many.add")} options={options.filter(({ id }) => !remove.includes(id))} value={add} onChange={setAdd} onCreate={(name) => (kind === "tags" ? createTag : createList).mutateAsync(name)} />
        <MultiSelect label={t("contacts.many.remove")} searchable hidePickedOptions data={options.filter(({ id }) => !add.includes(id)).map(({ id, name }) => ({ value: String(id), label: name }))} value={remove.map(String)} onChange={(chosen) => setRemove(chosen.map(Number))} />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button disabled={!add.length && !remove.length} loading={busy} onClick={() => onApply(add, remove)}>{t("contacts.many.apply")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
