import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";

const isWorthRetrying = (error: Error) => !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

// The socket keeps the cache true, so nothing goes stale by the clock; a dropped socket invalidates all.
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 60_000, refetchOnWindowFocus: false, retry: (count, error) => count < 2 && isWorthRetrying(error) },
    mutations: { retry: false },
  },
});
