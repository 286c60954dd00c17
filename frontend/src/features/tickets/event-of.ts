import type { Message } from "./api/list-messages";

const events = ["closed", "reopened"] as const;

/** tickets.services: closing and reopening leave a note that only says so. */
export const eventOf = ({ kind, payload }: Message) => (kind === "note" ? events.find((event) => payload.event === event) : undefined);
