import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { apiKeysQuery } from "./list-api-keys";

export type ShownApiKey = Schemas["ShownApiKey"];

/** A new key: its text is in this answer and nowhere else. */
export function useCreateApiKey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["NewApiKeyRequest"]) => unwrap(api.POST("/api/v1/api-keys/", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}

export function useChangeApiKey(id: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedApiKeyChangeRequest"]) => unwrap(api.PATCH("/api/v1/api-keys/{id}/", { params: { path: { id: String(id) } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
