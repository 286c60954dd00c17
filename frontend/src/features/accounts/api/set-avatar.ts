import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { usersQuery } from "@/api/lookups";
import { type Session, sessionQuery } from "@/api/session";

/** The person's own picture: another one, or none (null). */
export function useSetAvatar() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File | null): Promise<Schemas["User"]> => {
      if (!file) return unwrap(api.DELETE("/api/v1/auth/me/avatar/"));
      const form = new FormData();
      form.append("file", file, file.name);
      return unwrap(api.POST("/api/v1/auth/me/avatar/", { body: { file: "" }, bodySerializer: () => form }));
    },
    onSuccess: ({ avatar }) => {
      queryClient.setQueryData(sessionQuery.queryKey, (session: Session | null | undefined) => session && { ...session, user: { ...session.user, avatar } });
      void queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
    },
  });
}
