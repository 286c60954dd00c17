import { Avatar } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import classes from "./person-avatar.module.css";

const toneOf = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
const isWords = (name: string) => /\p{L}/u.test(name);

/** Decorative: the name always stands beside it. A bare number has no initials, so it gets a silhouette. */
export function PersonAvatar({ name, size, src }: { name: string; size: number; src?: string }) {
  return (
    <Avatar name={isWords(name) ? name : undefined} src={src} alt="" size={size} classNames={{ placeholder: classes.tone }} attributes={{ placeholder: { "data-tone": toneOf(name) } }} aria-hidden>
      {isWords(name) ? undefined : <IconUser size={size * 0.5} stroke={1.6} />}
    </Avatar>
  );
}
