import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowMerge, IconFileImport, IconListDetails, IconTrash, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useMay } from "@/api/session";
import { type ContactFilters, contactQuery } from "@/api/lookups";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { ExportMenu } from "@/components/export-menu";
import { Page } from "@/components/page";
import { useDeleteContact } from "./api/delete-contact";
import { exportContacts } from "./api/export-contacts";
import { ContactFiltersBar } from "./contact-filters-bar";
import { ContactForm } from "./contact-form";
import { ContactPanel } from "./contact-panel";
import { ContactRows } from "./contact-rows";
import { ListManager } from "./lists/list-manager";
import { ManyBar, type Selection } from "./many/many-bar";
import { MergeDialog } from "./merge-dialog";
import classes from "./contacts-page.module.css";

const nobody: Selection = { ids: [], isAll: false };

/** `talk` gives the button that starts a conversation with a contact: conversations are another feature's. */
export function ContactsPage({ talk }: { talk: (contactId: number) => ReactNode }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState<ContactFilters>({});
  const [clears, setClears] = useState(0); // a cleared search box starts anew
  const [isCreating, setIsCreating] = useState(false);
  const [marked, setMarked] = useState<Selection>(nobody);
  const [isListing, setIsListing] = useState(false);
  const [isMerging, setIsMerging] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const remove = useDeleteContact();
  const selected = Number(params.get("contact")) || null;
  const shown = useQuery({ ...contactQuery(selected ?? 0), enabled: selected !== null }).data;
  const narrow = (next: ContactFilters) => {
    setFilters(next);
    setMarked(nobody); // who is marked must be somebody who is meant
  };
  const mark = (id: number) => setMarked(({ ids, isAll }) => ({ isAll: false, ids: isAll ? [id] : ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id] }));
  const showList = (list: number) => {
    setIsListing(false);
    narrow({ list });
    setClears((count) => count + 1);
  };
  const clear = () => {
    narrow({});
    setClears((count) => count + 1);
  };
  const select = (contactId: number | null) => setParams(contactId ? { contact: String(contactId) } : {});
  const deleteSelected = () => {
    if (selected === null) return;
    remove.mutate(selected, { onSuccess: () => select(null), onError: toast, onSettled: () => setIsDeleting(false) });
  };

  return (
    <Page flush title={t("contacts.title")} actions={
      <>
        {may("contact_list.manage") && <Tooltip label={t("contacts.manager.title")}><ActionIcon aria-label={t("contacts.manager.title")} onClick={() => setIsListing(true)}><IconListDetails size={18} stroke={1.6} /></ActionIcon></Tooltip>}
        {may("contact.export") && <ExportMenu small label={t("contacts.export")} onExport={(kind) => exportContacts(filters, kind)} />}
        {may("contact.import") && <Tooltip label={t("contacts.imports.title")}><ActionIcon component={Link} to="/contacts/imports" aria-label={t("contacts.imports.open")}><IconFileImport size={18} stroke={1.6} /></ActionIcon></Tooltip>}
        <Button leftSection={<IconUserPlus size={16} stroke={1.8} />} onClick={() => setIsCreating(true)}>{t("contacts.new")}</Button>
      </>
    }>
      <div className={classes.split} data-open={selected ? true : undefined}>
        <div className={classes.main}>
          <ContactFiltersBar key={clears} filters={filters} onChange={narrow} />
          {(marked.ids.length > 0 || marked.isAll) && <ManyBar selection={marked} filters={filters} onAll={() => setMarked({ ids: [], isAll: true })} onClear={() => setMarked(nobody)} />}
          <ContactRows filters={filters} selected={selected} onSelect={select} onCreate={() => setIsCreating(true)} onClear={clear} marking={may("contact.write_many") ? { isMarked: (id) => marked.isAll || marked.ids.includes(id), onMark: mark } : null} />
        </div>
        {selected && (
          <ContactPanel
            key={selected}
            contactId={selected}
            onClose={() => select(null)}
            actions={
              <>
                {talk(selected)}
                {may("contact.merge") && (
                  <Tooltip label={t("contacts.merge.action")}>
                    <ActionIcon aria-label={t("contacts.merge.action")} onClick={() => setIsMerging(true)}><IconArrowMerge size={18} stroke={1.6} /></ActionIcon>
                  </Tooltip>
                )}
                {may("contact.delete") && (
                  <Tooltip label={t("common.delete")}>
                    <ActionIcon aria-label={t("contacts.delete")} onClick={() => setIsDeleting(true)}><IconTrash size={18} stroke={1.6} /></ActionIcon>
                  </Tooltip>
                )}
              </>
            }
          />
        )}
      </div>
      {isCreating && <ContactForm contact={null} onClose={() => setIsCreating(false)} onSaved={(contact) => select(contact.id)} />}
      {isListing && <ListManager onClose={() => setIsListing(false)} onShow={showList} />}
      {isMerging && shown && <MergeDialog contact={shown} onClose={() => setIsMerging(false)} />}
      <Confirm opened={isDeleting} title={t("contacts.delete")} action={t("common.delete")} danger busy={remove.isPending} onClose={() => setIsDeleting(false)} onConfirm={deleteSelected}>
        {t("contacts.deleteText")}
      </Confirm>
    </Page>
  );
}
