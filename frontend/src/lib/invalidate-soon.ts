import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";

const PAUSE = 1_000;
const waiting = new Set<string>();

/** Ask again, at most once a second per key, however many frames say so. */
export function invalidateSoon(queryClient: QueryClient, queryKey: QueryKey) {
  const hash = hashKey(queryKey);
  if (waiting.has(hash)) return;
  waiting.add(hash);
  setTimeout(() => {
    waiting.delete(hash);
    void queryClient.invalidateQueries({ queryKey });
  }, PAUSE);
}
