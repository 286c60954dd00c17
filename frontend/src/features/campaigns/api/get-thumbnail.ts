import { queryOptions } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { fetchFile } from "@/api/files";

/** A small picture. Its address wants the access token, which <img> cannot send: hence a blob. */
export const thumbnailQuery = ({ id, thumbnail_url }: Schemas["Media"]) =>
  queryOptions({ queryKey: ["campaigns", "thumbnail", id], queryFn: () => fetchFile(thumbnail_url ?? ""), enabled: thumbnail_url !== null, staleTime: Infinity });
