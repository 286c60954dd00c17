import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** How many wait, by tab of the inbox. */
export const countsQuery = queryOptions({ queryKey: ["tickets", "counts"], queryFn: () => unwrap(api.GET("/api/v1/tickets/counts/")) });
