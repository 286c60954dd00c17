import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { mapPages } from "@/api/page";
import { unreadNoticesQuery } from "./count-notices";
import { noticesQuery } from "./list-notices";

/** These notices are read; without ids all of them. */
export function useReadNotices() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (ids?: number[]) => unwrap(api.POST("/api/v1/notifications/read/", { body: ids ? { ids } : {} })),
    onSuccess: (count, ids) => {
      const read_at = new Date().toISOString();
      queryClient.setQueryData(unreadNoticesQuery.queryKey, count);
      queryClient.setQueryData(noticesQuery.queryKey, (old) => old && mapPages(old, (notice) => (notice.read_at === null && (!ids || ids.includes(notice.id)) ? { ...notice, read_at } : notice)));
    },
  });
}
