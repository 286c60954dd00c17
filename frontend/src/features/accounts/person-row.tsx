import { Badge, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queuesQuery } from "@/api/lookups";
import { useSession } from "@/api/session";
import { ColleagueAvatar } from "@/components/colleague-avatar";
import { Dot } from "@/components/dot";
import { formatRecent } from "@/lib/format";
import type { Teammate } from "./api/people";
import classes from "./people.module.css";

export function PersonRow({ person, onOpen }: { person: Teammate; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const queues = useQuery(queuesQuery).data ?? [];
  const theirs = queues.filter((queue) => queue.members.some(({ id }) => id === person.id));
  const seen = person.last_seen_at ? t("accounts.people.seen", { at: formatRecent(person.last_seen_at, i18n.language) }) : t("accounts.people.neverSeen");
  return (
    <UnstyledButton className={classes.person} data-gone={person.is_active ? undefined : true} onClick={onOpen}>
      <span className={classes.face}><ColleagueAvatar colleague={person} size={40} /></span>
      <span>
        <span className={`${classes.name} ellipsis`}>{person.name}{person.id === user.id && ` (${t("accounts.people.you")})`}</span>
        <span className={`${classes.meta} ellipsis`}>{person.email}</span>
      </span>
      <span>{person.is_active ? <Badge color={person.role === "agent" ? "gray" : "brand"}>{t(`common.role.${person.role ?? "agent"}`)}</Badge> : <Badge color="red">{t("accounts.people.isGone")}</Badge>}</span>
      <span className={classes.queues}>{theirs.map((queue) => <Dot key={queue.id} color={queue.color ?? "gray"}>{queue.name}</Dot>)}</span>
      <span className={classes.seen}>{seen}</span>
    </UnstyledButton>
  );
}
