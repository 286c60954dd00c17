import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMailPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { flat } from "@/api/page";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { type PeopleFilters, peopleQuery, type Teammate } from "./api/people";
import { InvitationRows } from "./invitation-rows";
import { InviteDialog } from "./invite-dialog";
import classes from "./people.module.css";
import { PersonDialog } from "./person-dialog";
import { PersonRow } from "./person-row";
import { roleOptions } from "./roles";

/** Who works here, who is invited, and who worked here once. */
export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search.trim(), 300);
  const [role, setRole] = useState<PeopleFilters["role"]>();
  const [state, setState] = useState<"active" | "gone" | null>("active");
  const [isInviting, setIsInviting] = useState(false);
  const [open, setOpen] = useState<Teammate | null>(null);
  const filters: PeopleFilters = { search: words, role, is_active: state === null ? undefined : state === "active" };
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(peopleQuery(filters));
  const people = flat(data);
  return (
    <Page title={t("accounts.people.title")} sub={t("accounts.people.sub")} phoneBack="/settings" actions={<Button leftSection={<IconMailPlus size={16} stroke={1.8} />} onClick={() => setIsInviting(true)}>{t("accounts.invite.verb")}</Button>}>
      <div className={classes.filters} role="search">
        <TextInput className={classes.search} type="search" aria-label={t("accounts.people.search")} placeholder={t("accounts.people.search")} leftSection={<IconSearch size={16} stroke={1.6} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Select clearable aria-label={t("accounts.people.role")} placeholder={t("accounts.people.role")} data={roleOptions(t)} value={role ?? null} onChange={(value) => setRole((value as PeopleFilters["role"] | null) ?? undefined)} />
        <Select clearable aria-label={t("accounts.people.state")} placeholder={t("accounts.people.state")} data={[{ value: "active", label: t("accounts.people.active") }, { value: "gone", label: t("accounts.people.gone") }]} value={state} onChange={(value) => setState(value === "active" || value === "gone" ? value : null)} />
      </div>
      <InvitationRows />
      <Card>
        {isPending && <LoadingRows count={5} height={64} />}
        {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data && people.length === 0 && <EmptyState icon={IconUsers} title={t("accounts.people.noMatch")} text={t("accounts.people.noMatchText")} />}
        <ul className={classes.list}>
          {people.map((person) => <li key={person.id}><PersonRow person={person} onOpen={() => setOpen(person)} /></li>)}
        </ul>
        {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
      </Card>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
      {open && <PersonDialog person={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
