import { useQuery } from "@tanstack/react-query";
import { avatarQuery } from "@/api/avatar";
import { usersQuery } from "@/api/lookups";
import { PersonAvatar } from "./person-avatar";

type Colleague = { id: number; name: string; avatar?: string | null };

/** A colleague's picture, or their initials. Who only knows the id and the name leaves the rest to the list of people. */
export function ColleagueAvatar({ colleague, size }: { colleague: Colleague; size: number }) {
  const isKnown = colleague.avatar !== undefined;
  const people = useQuery({ ...usersQuery, enabled: !isKnown }).data;
  const path = isKnown ? colleague.avatar : people?.find(({ id }) => id === colleague.id)?.avatar;
  const { data } = useQuery(avatarQuery(path ?? null));
  return <PersonAvatar name={colleague.name} size={size} src={data} />;
}
