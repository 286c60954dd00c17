import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { type ContactFilters, listsQuery } from "@/api/lookups";

/** Some by their ids, or everybody whom the filters leave. */
export type Which = { contacts: number[]; filters: ContactFilters | null };
export type ManyDeed = { kind: "tags" | "lists"; add: number[]; remove: number[] } | { kind: "delete" };

const whichOf = ({ contacts, filters }: Which) => ({ params: { query: filters ?? {} }, body: { contacts: filters ? [] : contacts, all_matching: filters !== null } });

/** Answers with how many were meant, how many were kept by a deletion, and whether a worker still does it. */
export function useChangeMany(which: Which) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (deed: ManyDeed) => {
      const { params, body } = whichOf(which);
      if (deed.kind === "delete") return unwrap(api.POST("/api/v1/contacts/bulk-delete/", { params, body }));
      const { add, remove } = deed;
      const path = deed.kind === "tags" ? "/api/v1/contacts/bulk-tags/" : "/api/v1/contacts/bulk-lists/";
      const { count } = await unwrap(api.POST(path, { params, body: { ...body, add, remove } }));
      return { count, kept: 0, is_done: true };
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
      void queryClient.invalidateQueries({ queryKey: listsQuery.queryKey });
    },
  });
}
