import { Button, Checkbox } from "@mantine/core";
import { IconAddressBook, IconZoomCancel } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso } from "react-virtuoso";
import type { Schemas } from "@/api/client";
import { type ContactFilters, contactsQuery, isFiltered } from "@/api/lookups";
import { flat } from "@/api/page";
import { Dot } from "@/components/dot";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { PersonAvatar } from "@/components/person-avatar";
import { formatPhone } from "@/lib/format";
import classes from "./contacts-page.module.css";

type Props = { filters: ContactFilters; selected: number | null; onSelect: (contactId: number) => void; onCreate: () => void; onClear: () => void; marking: Marking | null };
/** Contacts that are marked to be changed together. */
export type Marking = { isMarked: (contactId: number) => boolean; onMark: (contactId: number) => void };

export function ContactRows({ filters, selected, onSelect, onCreate, onClear, marking }: Props) {
  const { t } = useTranslation();
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(contactsQuery(filters));
  const contacts = useMemo(() => flat(data), [data]);

  if (isPending) return <LoadingRows count={10} height={60} />;
  if (isError) return <ErrorState fill error={error} onRetry={() => void refetch()} />;
  if (!contacts.length && isFiltered(filters)) return <EmptyState fill icon={IconZoomCancel} title={t("contacts.noMatch")} text={t("contacts.noMatchText")} action={<Button variant="default" onClick={onClear}>{t("common.clear")}</Button>} />;
  if (!contacts.length) return <EmptyState fill icon={IconAddressBook} title={t("contacts.empty")} text={t("contacts.emptyText")} action={<Button onClick={onCreate}>{t("contacts.new")}</Button>} />;
  return (
    <Virtuoso
      className={classes.rows}
      data={contacts}
      fixedItemHeight={60}
      computeItemKey={(_, contact) => contact.id}
      increaseViewportBy={300}
      endReached={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      itemContent={(_, contact) => <Row contact={contact} isSelected={contact.id === selected} onSelect={onSelect} marking={marking} />}
    />
  );
}

function Row({ contact, isSelected, onSelect, marking }: { contact: Schemas["Contact"]; isSelected: boolean; onSelect: (contactId: number) => void; marking: Marking | null }) {
  const { t } = useTranslation();
  const phone = contact.phone ? formatPhone(contact.phone) : "";
  const isOut = contact.opt_outs.length > 0;
  const isMarked = marking?.isMarked(contact.id) ?? false;
  return (
    <div className={classes.line} data-selected={isSelected || undefined} data-marked={isMarked || undefined}>
      {marking && <Checkbox className={classes.mark} size="xs" aria-label={t("contacts.many.mark", { name: contact.display_name, interpolation: { escapeValue: false } })} checked={isMarked} onChange={() => marking.onMark(contact.id)} />}
      <button type="button" className={classes.row} aria-pressed={isSelected} onClick={() => onSelect(contact.id)}>
        <PersonAvatar name={contact.display_name} size={36} />
        <span>
          <div className={`${classes.name} ellipsis`}>{contact.name || phone || contact.display_name}</div>
          <div className={`${classes.meta} ellipsis`}>
            <span className={classes.phoneLine}>{phone || contact.email}{isOut && " · "}</span>
            {isOut && <span className={classes.out}>{t("contacts.optedOutShort")}</span>}
          </div>
        </span>
        <span className={`${classes.meta} ellipsis`}>{phone}</span>
        <span className={classes.tags}>
          {contact.tags.slice(0, 3).map((tag) => (
            <span key={tag.id} className={`${classes.tag} ellipsis`}><Dot round color={tag.color ?? "gray"}>{tag.name}</Dot></span>
          ))}
        </span>
      </button>
    </div>
  );
}
