import "@mantine/spotlight/styles.css";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useErrorWords } from "@/components/error-words";
import { formatPhone } from "@/lib/format";
import { useAllCommands } from "@/lib/commands";
import { foundQuery, SHORTEST } from "./find";
import classes from "./palette.module.css";

const [store, actions] = createSpotlight();
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

type Row = { id: string; label: string; sub?: string; keys?: string; run: () => void };

/** Everything by its name: what can be done here, where one can go, and whom one looks for. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query.trim(), 200);
  const commands = useAllCommands();
  const found = useQuery({ ...foundQuery(asked), placeholderData: keepPreviousData });
  useEffect(() => {
    actions.open();
    return () => actions.close();
  }, []);

  const go = (to: string) => () => void navigate(to);
  const wanted = plain(query.trim());
  const isAsked = query.trim().length >= SHORTEST;
  const deeds: Row[] = commands.filter(({ label }) => plain(label).includes(wanted)).map(({ id, label, keys, run }) => ({ id, label, run, keys: keys?.[0]?.replace("Shift+", "") }));
  const people = isAsked ? (found.data?.contacts ?? []).map((contact): Row => ({ id: `contact-${contact.id}`, label: contact.display_name, sub: formatPhone(contact.phone ?? ""), run: go(`/inbox?to=${contact.id}`) })) : [];
  const talks = isAsked ? (found.data?.tickets ?? []).map((ticket): Row => ({ id: `ticket-${ticket.id}`, label: ticket.contact.display_name, sub: `${t("tickets.protocol", { protocol: ticket.protocol })} · ${t(`tickets.status.${ticket.status}`)}`, run: go(`/inbox/${ticket.id}`) })) : [];
  const sends = isAsked ? (found.data?.campaigns ?? []).map((campaign): Row => ({ id: `campaign-${campaign.id}`, label: campaign.name, run: go(`/campaigns/${campaign.id}`) })) : [];
  const groups: [string, Row[]][] = [
    [t("common.palette.actions"), deeds],
    [t("common.palette.tickets"), talks],
    [t("common.palette.contacts"), people],
    [t("common.palette.campaigns"), sends],
  ];
  const isEmpty = groups.every(([, rows]) => rows.length === 0);

  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight={440} onSpotlightClose={onClose} transitionProps={{ duration: 0 }} aria-label={t("common.palette.title")}>
      <Spotlight.Search placeholder={t("common.palette.placeholder")} aria-label={t("common.palette.placeholder")} leftSection={<IconSearch size={18} stroke={1.6} />} />
      <Spotlight.ActionsList>
        {groups.map(([label, rows]) => rows.length > 0 && (
          <Spotlight.ActionsGroup key={label} label={label} className={classes.group}>
            {rows.map((row) => (
              <Spotlight.Action key={row.id} onClick={row.run}>
                <span className={classes.label}>
                  <span className="ellipsis">{row.label}</span>
                  {row.sub && <span className={classes.sub}> · {row.sub}</span>}
                </span>
                {row.keys && <span className={classes.hint}>{row.keys.split(" ").map((key, place) => <kbd key={place} className={classes.key}>{key.toUpperCase()}</kbd>)}</span>}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {isEmpty && <Spotlight.Empty>{found.error ? words(found.error) : found.isFetching ? t("common.loading") : t("common.palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
