import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas, unwrap } from "@/api/client";

export type Media = Schemas["Media"];

/** A signed link to the file, for <img>, <video> and <audio>; good for `expires_in` seconds. */
export const fileLinkQuery = (mediaId: number) =>
  queryOptions({
    queryKey: ["tickets", "file-link", mediaId],
    queryFn: () => unwrap(api.GET("/api/v1/media/{id}/link/", { params: { path: { id: String(mediaId) } } })),
    staleTime: ({ state }) => (state.data ? (state.data.expires_in * 1000) / 2 : 0),
    gcTime: 20 * 60_000,
  });

/** The link, and what to do when the browser could not open it: it may have run out, so it is asked for once more, silently. */
export function useFileLink(mediaId: number, isWanted: boolean) {
  const link = useQuery({ ...fileLinkQuery(mediaId), enabled: isWanted });
  const [renewedUrl, setRenewedUrl] = useState("");
  const onError = async () => {
    if (link.data?.url === renewedUrl && !link.isStale) return; // a new link does not open either: it is the file
    const { data } = await link.refetch();
    setRenewedUrl(data?.url ?? "");
  };
  return { link, onError: () => void onError() };
}

/** Fetch once more what the gateway did not give. What comes of it arrives by the socket. */
export const useRetryMedia = () => useMutation({ mutationFn: (mediaId: number) => unwrap(api.POST("/api/v1/media/{id}/retry/", { params: { path: { id: String(mediaId) } } })) });
