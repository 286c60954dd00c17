import i18next from "i18next";
import { ApiError, faultsOf, type Schemas } from "./client";
import { authorizationHeader, authorizedFetch, refreshAccess } from "./token";

type Media = Schemas["Media"];

/** `path` as the API gives it ("media/7/thumbnail/"): it leads to a signed link, which fetch follows. */
export async function fetchFile(path: string): Promise<Blob> {
  const answer = await authorizedFetch(new Request(new URL(`/api/v1/${path}`, window.location.origin))).catch(() => Response.error());
  if (answer.ok) return answer.blob();
  throw new ApiError(answer.status, faultsOf(await answer.json().catch(() => null)));
}

export type Upload = { file: File; isVoice: boolean; onProgress: (share: number) => void; signal: AbortSignal };

/** fetch tells no progress of what goes up, so this is an XMLHttpRequest. */
function post({ file, isVoice, onProgress, signal }: Upload) {
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    form.append("is_voice", String(isVoice));
    request.open("POST", "/api/v1/uploads/");
    request.responseType = "json";
    request.setRequestHeader("Authorization", authorizationHeader());
    request.setRequestHeader("Accept-Language", i18next.language);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, body: request.response });
    request.onerror = () => reject(new ApiError(0, []));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** The stored file, to be sent by its id. An expired login is renewed once. */
export async function uploadFile(upload: Upload): Promise<Media> {
  let answer = await post(upload);
  if (answer.status === 401 && (await refreshAccess()) === "renewed") answer = await post(upload);
  if (answer.status === 201) return answer.body as Media;
  throw new ApiError(answer.status, faultsOf(answer.body), answer.body);
}
