import { Button, Group, Modal, MultiSelect, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { contactsQuery } from "@/api/lookups";
import { flat } from "@/api/page";
import { formatPhone } from "@/lib/format";
import { ContactCards } from "../media/place";
import classes from "./composing.module.css";

type Card = Schemas["ContactCardRequest"];
type Contact = Schemas["Contact"];
type Props = { onSend: (cards: Card[]) => void; onClose: () => void };

const MOST = 10;

/** Contacts of the company as cards; who has no phone number cannot be one. */
export function CardsDialog({ onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search, 250);
  const [chosen, setChosen] = useState<Contact[]>([]);
  const found = useInfiniteQuery(contactsQuery({ search: words || undefined }));
  const all = [...chosen, ...flat(found.data).filter(({ id }) => !chosen.some((contact) => contact.id === id))];
  const cards = chosen.map((contact): Card => ({ name: contact.display_name, phones: [contact.phone ?? ""] }));

  return (
    <Modal opened onClose={onClose} title={t("tickets.cards.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack gap="sm">
        <MultiSelect label={t("tickets.cards.who")} placeholder={chosen.length ? undefined : t("tickets.new.contactSearch")} searchable hidePickedOptions maxValues={MOST} filter={({ options }) => options} data-autofocus
          data={all.map((contact) => ({ value: String(contact.id), label: contact.name && contact.phone ? `${contact.name} · ${formatPhone(contact.phone)}` : contact.display_name, disabled: !contact.phone }))}
          nothingFoundMessage={found.isPending ? t("common.loading") : t("tickets.cards.nobody")} searchValue={search} onSearchChange={setSearch}
          value={chosen.map(({ id }) => String(id))} onChange={(ids) => setChosen(all.filter(({ id }) => ids.includes(String(id))))} />
        {cards.length > 0 && <div className={classes.cards}><ContactCards cards={cards.map(({ name, phones }) => ({ name, phones, company: "" }))} /></div>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button disabled={cards.length === 0} onClick={() => onSend(cards)}>{t("tickets.send")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
