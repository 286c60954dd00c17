import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";

/** "Data de nascimento" → "data-de-nascimento", with a number when that is taken. */
function keyOf(label: string, taken: string[]) {
  const plain = label.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 36) || "field";
  return Array.from({ length: 99 }, (_, index) => (index ? `${plain}-${index + 1}` : plain)).find((key) => !taken.includes(key)) ?? plain;
}

export function useCreateCustomField() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (label: string) => {
      const fields = await queryClient.ensureQueryData(customFieldsQuery);
      return unwrap(api.POST("/api/v1/custom-fields/", { body: { label: label.slice(0, 80), key: keyOf(label, fields.map((field) => field.key)), kind: "text", position: fields.length } }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: customFieldsQuery.queryKey }),
  });
}
