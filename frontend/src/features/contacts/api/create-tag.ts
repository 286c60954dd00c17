import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { tagsQuery } from "@/api/lookups";

const colors = ["#0b7a5c", "#2f6fd0", "#8e4bb5", "#c2571a", "#b8325e", "#6b7013"];

export function useCreateTag() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(api.POST("/api/v1/tags/", { body: { name, color: colors[name.length % colors.length] } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey }),
  });
}
