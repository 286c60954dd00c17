import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { contactQuery } from "@/api/lookups";

export type ContactWrite = Schemas["ContactWriteRequest"];

/** Creates without an id, changes with one. Lists follow by the socket; asking again covers a socket that is down. */
export function useSaveContact(contactId: number | undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ContactWrite) =>
      contactId === undefined
        ? unwrap(api.POST("/api/v1/contacts/", { body }))
        : unwrap(api.PATCH("/api/v1/contacts/{id}/", { params: { path: { id: String(contactId) } }, body })),
    onSuccess: (contact) => {
      queryClient.setQueryData(contactQuery(contact.id).queryKey, contact);
      void queryClient.invalidateQueries({ queryKey: ["contacts", "list"] });
    },
  });
}
