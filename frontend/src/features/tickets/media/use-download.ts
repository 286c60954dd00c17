import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useErrorToast } from "@/components/error-words";
import { fileLinkQuery, type Media } from "../api/get-media";

/** Saves a file to the person's disk. */
export function useDownload() {
  const queryClient = useQueryClient();
  const toast = useErrorToast();
  return useCallback(
    async (media: Media) => {
      const link = await queryClient.fetchQuery(fileLinkQuery(media.id)).catch(toast);
      if (!link) return;
      const anchor = document.createElement("a");
      anchor.href = link.url;
      anchor.download = media.filename;
      anchor.rel = "noopener";
      anchor.click();
    },
    [queryClient, toast],
  );
}
