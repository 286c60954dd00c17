import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { sendForm } from "@/api/files";
import { importLimitsQuery } from "./import-limits";
import { type ContactImport, importsQuery } from "./list-imports";

/** `tooLarge` says it in words: such a file is refused before it travels. `share` is how much of it is there, 0 to 1. */
export function useUploadImport(tooLarge: (megabytes: number) => string) {
  const queryClient = useQueryClient();
  const [share, setShare] = useState(0);
  const upload = useMutation({
    mutationFn: async (file: File) => {
      setShare(0);
      const { max_size } = await queryClient.ensureQueryData(importLimitsQuery);
      if (file.size > max_size) throw new ApiError(413, [{ code: "file_too_large", detail: tooLarge(Math.floor(max_size / 1_048_576)), attr: "file" }]);
      const form = new FormData();
      form.append("file", file, file.name);
      return sendForm<ContactImport>("contact-imports/", form, { onProgress: setShare, signal: new AbortController().signal });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: importsQuery.queryKey }),
  });
  return { ...upload, share };
}
