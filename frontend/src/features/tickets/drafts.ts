/** What was typed and not sent, by conversation: it waits there when somebody looks elsewhere and comes back. */
const drafts = new Map<number, string>();

export const keptDraft = (ticketId: number) => drafts.get(ticketId) ?? "";
export const keepDraft = (ticketId: number, text: string) => void drafts.set(ticketId, text);
export const forgetDraft = (ticketId: number) => void drafts.delete(ticketId);
