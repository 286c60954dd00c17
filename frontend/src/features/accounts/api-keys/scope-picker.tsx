import { Button, Checkbox, Text, TextInput, Tooltip } from "@mantine/core";
import { IconSearch, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Scope, scopesQuery } from "../api/list-api-keys";
import classes from "./keys.module.css";
import { useScopeWords } from "./scope-words";

type Props = { chosen: readonly string[]; error?: string; onChange: (chosen: readonly string[]) => void };

/** What a key may do, by what it is about; found by searching, in the reader's words or the API's. */
export function ScopePicker({ chosen, error, onChange }: Props) {
  const { t } = useTranslation();
  const words = useScopeWords();
  const [search, setSearch] = useState("");
  const scopes = useQuery(scopesQuery).data ?? [];
  const wanted = search.trim().toLowerCase();
  const found = scopes.filter((scope) => `${scope.scope} ${words.resource(scope.resource)} ${words.verb(scope.verb)}`.toLowerCase().includes(wanted));
  const groups = new Map<string, Scope[]>();
  for (const scope of found) groups.set(scope.resource, [...(groups.get(scope.resource) ?? []), scope]);
  const toggle = (scope: string) => onChange(chosen.includes(scope) ? chosen.filter((other) => other !== scope) : [...chosen, scope]);
  const reading = scopes.filter(({ verb, is_admin_only }) => verb === "read" && !is_admin_only).map(({ scope }) => scope);
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <Text component="legend" size="sm" fw={500} mb={4}>{t("security.keys.scopes")} · {t("security.keys.chosen", { count: chosen.length })}</Text>
      <div className={classes.bar}>
        <TextInput className={classes.search} size="sm" type="search" aria-label={t("security.keys.search")} placeholder={t("security.keys.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Button size="xs" variant="default" onClick={() => onChange([...new Set([...chosen, ...reading])])}>{t("security.keys.allReading")}</Button>
        <Button size="xs" variant="subtle" disabled={chosen.length === 0} onClick={() => onChange([])}>{t("common.clear")}</Button>
      </div>
      <div className={classes.scopes} tabIndex={0} role="group" aria-label={t("security.keys.scopes")}>
        {[...groups].map(([resource, ofResource]) => (
          <div key={resource} className={classes.resource}>
            <Text size="sm" fw={500}>{words.resource(resource)}</Text>
            <div className={classes.verbs}>
              {ofResource.map(({ scope, verb, is_admin_only }) => (
                <Checkbox key={scope} size="sm" checked={chosen.includes(scope)} onChange={() => toggle(scope)} aria-label={`${words.resource(resource)}: ${words.verb(verb)}`}
                  label={<>{words.verb(verb)}{is_admin_only && <Tooltip label={t("security.keys.adminOnly")}><IconShieldLock size={14} stroke={1.8} style={{ marginInlineStart: 4, verticalAlign: -2 }} aria-label={t("security.keys.adminOnly")} role="img" /></Tooltip>}</>} />
              ))}
            </div>
          </div>
        ))}
        {groups.size === 0 && <Text size="sm" c="dimmed" py="sm">{t("security.nothing")}</Text>}
      </div>
      {error && <div className={classes.error} role="alert">{error}</div>}
    </fieldset>
  );
}
