import { useMutation } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type AccountNumber = Schemas["AccountNumber"];

/** The numbers that these credentials may link. */
export function useAccountNumbers() {
  return useMutation({
    mutationFn: (credentials: Record<string, string>) => unwrap(api.POST("/api/v1/connections/numbers/", { body: { provider: "cloud_api", credentials } })),
  });
}
