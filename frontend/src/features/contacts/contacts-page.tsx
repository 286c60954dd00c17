import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconFileImport, IconTrash, IconUserPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useMay } from "@/api/session";
import type { ContactFilters } from "@/api/lookups";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { Page } from "@/components/page";
import { useDeleteContact } from "./api/delete-contact";
import { ContactFiltersBar } from "./contact-filters-bar";
import { ContactForm } from "./contact-form";
import { ContactPanel } from "./contact-panel";
import { ContactRows } from "./contact-rows";
import classes from "./contacts-page.module.css";

/** `talk` gives the button that starts a conversation with a contact: conversations are another feature's. */
export function ContactsPage({ talk }: { talk: (contactId: number) => ReactNode }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState<ContactFilters>({});
  const [clears, setClears] = useState(0); // a cleared search box starts anew
  const [isCreating, setIsCreating] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const remove = useDeleteContact();
  const selected = Number(params.get("contact")) || null;
  const clear = () => {
    setFilters({});
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
        {may("contact.import") && <Button variant="default" component={Link} to="/contacts/imports" leftSection={<IconFileImport size={16} stroke={1.8} />}>{t("contacts.imports.open")}</Button>}
        <Button leftSection={<IconUserPlus size={16} stroke={1.8} />} onClick={() => setIsCreating(true)}>{t("contacts.new")}</Button>
      </>
    }>
      <div className={classes.split} data-open={selected ? true : undefined}>
        <div className={classes.main}>
          <ContactFiltersBar key={clears} filters={filters} onChange={setFilters} />
          <ContactRows filters={filters} selected={selected} onSelect={select} onCreate={() => setIsCreating(true)} onClear={clear} />
        </div>
        {selected && (
          <ContactPanel
            key={selected}
            contactId={selected}
            onClose={() => select(null)}
            actions={
              <>
                {talk(selected)}
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
      <Confirm opened={isDeleting} title={t("contacts.delete")} action={t("common.delete")} danger busy={remove.isPending} onClose={() => setIsDeleting(false)} onConfirm={deleteSelected}>
        {t("contacts.deleteText")}
      </Confirm>
    </Page>
  );
}
