import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { ContactImport } from "./list-imports";

/** Counted anew whenever the import has finished once more. */
export const importReasonsQuery = (job: ContactImport) =>
  queryOptions({
    queryKey: ["contact-imports", "reasons", job.id, job.finished_at],
    queryFn: () => unwrap(api.GET("/api/v1/contact-imports/{id}/reasons/", { params: { path: { id: String(job.id) } } })),
    staleTime: Infinity,
  });
