/** One push of the server: contract, section "Socket". `name` is "ticket", "appMessage" …, without the company. */
export type LiveEvent = { name: string; action: string; data: Record<string, unknown>; userId: number };
