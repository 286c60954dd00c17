import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { templatesQuery } from "@/api/lookups";

type Draft = Schemas["TemplateDraftRequest"];

/** Hands a template in for review; with an id the template is changed. */
export function useSaveTemplate(connectionId: number, templateId: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Draft) =>
      templateId === undefined
        ? unwrap(api.POST("/api/v1/connections/{id}/templates/", { params: { path: { id: connectionId } }, body }))
        : unwrap(api.PATCH("/api/v1/connections/{id}/templates/{template_pk}/", { params: { path: { id: connectionId, template_pk: templateId } }, body })),
    onSuccess: (template) => {
      queryClient.setQueryData(templatesQuery(connectionId).queryKey, (old) => old && [...old.filter(({ id }) => id !== template.id), template].toSorted((a, b) => a.name.localeCompare(b.name)));
    },
  });
}
