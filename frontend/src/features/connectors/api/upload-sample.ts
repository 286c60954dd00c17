import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { uploadFile } from "@/api/files";

/** A file for Meta's reviewers: uploaded to us, handed on, and known by a handle. */
export function useUploadSample(connectionId: number) {
  return useMutation({
    mutationFn: async (file: File) => {
      const { id } = await uploadFile({ file, isVoice: false, onProgress: () => undefined, signal: new AbortController().signal });
      return unwrap(api.POST("/api/v1/connections/{id}/templates/samples/", { params: { path: { id: connectionId } }, body: { upload: id } }));
    },
  });
}
