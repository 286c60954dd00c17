import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { importQuery } from "./get-import";

export type Choices = Schemas["PreviewChoicesRequest"];
export type Preview = Schemas["ImportPreview"];

const ask = (importId: number, body: Choices) => unwrap(api.POST("/api/v1/contact-imports/{id}/preview/", { params: { path: { id: String(importId) } }, body }));

/** The first rows as they would be imported, with the choices made so far. */
export const previewQuery = (importId: number) => queryOptions({ queryKey: ["contact-imports", "preview", importId], queryFn: () => ask(importId, {}), staleTime: Infinity, gcTime: 0 });

/** Change some of the choices, and see what comes of it. */
export function useChoose(importId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (choices: Choices) => ask(importId, choices),
    onSuccess: (preview) => {
      queryClient.setQueryData(previewQuery(importId).queryKey, preview);
      queryClient.setQueryData(importQuery(importId).queryKey, preview.contact_import);
    },
  });
}
