import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { ContactImport } from "./list-imports";

export const isAtWork = (job: ContactImport | undefined) => job?.state === "running" || job?.state === "undoing";

/** Frames tell how far it is; asking now and then covers a socket that is down. */
export const importQuery = (importId: number) =>
  queryOptions({
    queryKey: ["contact-imports", "detail", importId],
    queryFn: () => unwrap(api.GET("/api/v1/contact-imports/{id}/", { params: { path: { id: String(importId) } } })),
    refetchInterval: ({ state }) => (isAtWork(state.data) ? 5_000 : false),
  });
