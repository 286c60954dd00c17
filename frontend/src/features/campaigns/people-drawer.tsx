import { Badge, Button, Drawer, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { formatPhone } from "@/lib/format";
import { peopleQuery, type Reason } from "./api/list-people";
import type { Audience, Sample } from "./api/preview-audience";
import classes from "./people.module.css";

type Props = { audience: Audience; reason: Reason; onClose: () => void; onPick?: (person: Sample) => void };

/** Those who would get the campaign and what each would read, or those who would not for one reason. */
export function PeopleDrawer({ audience, reason, onClose, onPick }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search.trim(), 250);
  const { data, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(peopleQuery(audience, reason, words));
  const people = data?.pages.flatMap(({ results }) => results) ?? [];
  return (
    <Drawer opened onClose={onClose} position="right" title={reason ? t(`campaigns.exclusion.${reason}`) : t("campaigns.people.willGet")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className={classes.list}>
        <TextInput leftSection={<IconSearch size={16} stroke={1.7} />} aria-label={t("campaigns.people.search")} placeholder={t("campaigns.people.search")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        {!data && !isError && <LoadingRows count={5} />}
        {isError && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data && people.length === 0 && !hasNextPage && <EmptyState icon={IconUsers} title={t("campaigns.people.nobody")} text={words ? t("campaigns.people.nobodyText") : t("campaigns.people.goneText")} />}
        {people.length > 0 && (
          <ul className={classes.people} aria-label={t("campaigns.people.list")}>
            {people.map((person) => (
              <li key={person.contact ?? person.address}>
                <div className={classes.head}>
                  <span className="ellipsis">{person.name || formatPhone(person.address)}</span>
                  {person.contact === null && <Badge size="sm" variant="light" me="auto">{t("campaigns.people.newcomer")}</Badge>}
                  {person.name && person.address && <span className={`${classes.quiet} tabular`}>{formatPhone(person.address)}</span>}
                </div>
                {person.text && (onPick ? <UnstyledButton className={classes.text} title={t("campaigns.people.show")} onClick={() => onPick(person)}>{person.text}</UnstyledButton> : <p className={classes.text}>{person.text}</p>)}
              </li>
            ))}
          </ul>
        )}
        {hasNextPage && <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("campaigns.people.more")}</Button>}
      </div>
    </Drawer>
  );
}
