import { queryOptions } from "@tanstack/react-query";
import { fetchFile } from "./files";

/** A colleague's picture as an address in memory: <img> cannot send the access token. Another picture has another path, so this one never changes. */
export const avatarQuery = (path: string | null) =>
  queryOptions({
    queryKey: ["avatar", path],
    queryFn: () => fetchFile(path ?? "").then((blob) => URL.createObjectURL(blob)),
    enabled: path !== null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
