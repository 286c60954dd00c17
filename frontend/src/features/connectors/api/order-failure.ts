import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** The next message that the company sends through this simulated number fails in this way. */
export function useOrderFailure(connectionId: number) {
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST("/api/v1/connections/{id}/simulator/failures/", { params: { path: { id: connectionId } }, body: { code, times: 1 } })),
  });
}
