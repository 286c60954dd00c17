import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export const importLimitsQuery = queryOptions({ queryKey: ["contact-imports", "limits"], queryFn: () => unwrap(api.GET("/api/v1/contact-imports/limits/")), staleTime: Infinity });
