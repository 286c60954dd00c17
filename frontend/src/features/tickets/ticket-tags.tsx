import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { useErrorToast } from "@/components/error-words";
import type { Ticket } from "./api/list-tickets";
import { useSetTags } from "./api/set-tags";
import classes from "./ticket-tags.module.css";

/** What the conversation is about. */
export function TicketTags({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { user } = useSession();
  const tags = useQuery(tagsQuery).data ?? [];
  const set = useSetTags(ticket.id, user.id);
  const chosen = set.isPending ? set.variables : ticket.tags.map((tag) => tag.id);
  const options = [...tags, ...ticket.tags.filter(({ id }) => !tags.some((tag) => tag.id === id))];
  return (
    <section className={classes.section}>
      <MultiSelect
        label={t("tickets.tags")}
        placeholder={chosen.length ? undefined : t("tickets.addTag")}
        searchable
        hidePickedOptions
        data={options.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={chosen.map(String)}
        onChange={(value) => set.mutate(value.map(Number), { onError: toast })}
        nothingFoundMessage={t("tickets.noTag")}
      />
    </section>
  );
}
