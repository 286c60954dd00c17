import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type ConsentEntry = Schemas["ConsentEntry"];
export type ConsentRules = Schemas["ConsentRules"];

/** Who stopped or took up what, newest first. */
export const consentQuery = (contactId: number) =>
  queryOptions({
    queryKey: ["contacts", "consent", contactId],
    queryFn: () => unwrap(api.GET("/api/v1/contacts/{id}/consent/", { params: { path: { id: String(contactId) } } })),
  });

export const consentRulesQuery = queryOptions({ queryKey: ["consent-rules"], queryFn: () => unwrap(api.GET("/api/v1/consent-rules/")) });

export function useSaveConsentRules() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedConsentRulesRequest"]) => unwrap(api.PATCH("/api/v1/consent-rules/", { body })),
    onSuccess: (rules) => queryClient.setQueryData(consentRulesQuery.queryKey, rules),
  });
}
