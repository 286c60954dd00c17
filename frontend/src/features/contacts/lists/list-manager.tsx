import { ActionIcon, Button, Group, Modal, Stack, TextInput, Tooltip } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { listsQuery } from "@/api/lookups";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { formatCount } from "@/lib/format";
import { useCreateList } from "../api/create-list";
import { useDeleteList } from "../api/delete-list";
import { useRenameList } from "../api/save-list";
import classes from "./list-manager.module.css";

type ContactList = Schemas["ContactList"];

/** All lists with how many contacts they hold: made, renamed, deleted, or shown. */
export function ListManager({ onShow, onClose }: { onShow: (listId: number) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const lists = useQuery(listsQuery);
  const create = useCreateList();
  const remove = useDeleteList();
  const [name, setName] = useState("");
  const [doomed, setDoomed] = useState<ContactList | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name.trim(), { onSuccess: () => setName(""), onError: toast });
  };
  return (
    <Modal opened onClose={onClose} title={t("contacts.manager.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <form onSubmit={submit}>
          <Group gap="xs" wrap="nowrap">
            <TextInput className={classes.grow} aria-label={t("contacts.manager.new")} placeholder={t("contacts.manager.new")} value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
            <Button type="submit" size="sm" disabled={!name.trim()} loading={create.isPending} leftSection={<IconPlus size={16} stroke={2} />}>{t("common.create")}</Button>
          </Group>
        </form>
        {lists.isPending && <LoadingRows count={3} height={44} />}
        {lists.data?.length === 0 && <p className={classes.quiet}>{t("contacts.manager.empty")}</p>}
        <ul className={classes.lists}>
          {lists.data?.map((list) => <Row key={list.id} list={list} onShow={() => onShow(list.id)} onDelete={() => setDoomed(list)} />)}
        </ul>
      </Stack>
      <Confirm opened={doomed !== null} title={t("contacts.manager.delete", { name: doomed?.name })} action={t("common.delete")} danger busy={remove.isPending} onClose={() => setDoomed(null)} onConfirm={() => doomed && remove.mutate(doomed.id, { onError: toast, onSettled: () => setDoomed(null) })}>
        {t("contacts.manager.deleteText")}
      </Confirm>
    </Modal>
  );
}

function Row({ list, onShow, onDelete }: { list: ContactList; onShow: () => void; onDelete: () => void }) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const rename = useRenameList();
  const [name, setName] = useState<string | null>(null);
  const count = list.contact_count ?? 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name?.trim()) rename.mutate({ id: list.id, name: name.trim() }, { onSuccess: () => setName(null), onError: toast });
  };
  if (name !== null) {
    return (
      <li>
        <form className={classes.rename} onSubmit={submit}>
          <TextInput className={classes.grow} aria-label={t("contacts.manager.rename", { name: list.name })} value={name} maxLength={120} autoFocus onChange={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), setName(null))} />
          <Button type="submit" size="sm" loading={rename.isPending}>{t("common.save")}</Button>
        </form>
      </li>
    );
  }
  return (
    <li>
      <button type="button" className={classes.name} onClick={onShow}>
        <span className="ellipsis">{list.name}</span>
        <small className="tabular">{t("contacts.manager.count", { count, shown: formatCount(count, i18n.language) })}</small>
      </button>
      <Tooltip label={t("common.edit")}><ActionIcon aria-label={t("contacts.manager.rename", { name: list.name })} onClick={() => setName(list.name)}><IconPencil size={16} stroke={1.6} /></ActionIcon></Tooltip>
      <Tooltip label={t("common.delete")}><ActionIcon aria-label={t("contacts.manager.delete", { name: list.name })} onClick={onDelete}><IconTrash size={16} stroke={1.6} /></ActionIcon></Tooltip>
    </li>
  );
}
