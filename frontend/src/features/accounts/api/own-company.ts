import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { sessionQuery } from "@/api/session";

export type OwnCompany = Schemas["OwnCompany"];

export const ownCompanyQuery = queryOptions({
  queryKey: ["company"],
  queryFn: () => unwrap(api.GET("/api/v1/company/")),
});

/** The company's name stands in the session too. */
export function useSaveCompany() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedOwnCompanyChangeRequest"]) => unwrap(api.PATCH("/api/v1/company/", { body })),
    onSuccess: (company) => {
      queryClient.setQueryData(ownCompanyQuery.queryKey, company);
      queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, company: { ...session.company, name: company.name } });
    },
  });
}
