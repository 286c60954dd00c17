import { queryOptions } from "@tanstack/react-query";
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

/** Whatever the API gives as a download, saved under the name that it gives. */
export async function saveFile(path: string, method: "GET" | "POST" = "GET") {
  const answer = await authorizedFetch(new Request(new URL(`/api/v1/${path}`, window.location.origin), { method, headers: { "Accept-Language": i18next.language } })).catch(() => Response.error());
  if (!answer.ok) throw new ApiError(answer.status, faultsOf(await answer.json().catch(() => null)));
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameIn(answer.headers.get("Content-Disposition"));
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** `attachment; filename="a.csv"`, or the form for letters beyond ASCII. */
function nameIn(disposition: string | null) {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  return encoded ? decodeURIComponent(encoded) : (/filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? "recado.csv");
}

type Sending = { onProgress: (share: number) => void; signal: AbortSignal };
export type Upload = Sending & { file: File; isVoice: boolean };

/** fetch tells no progress of what goes up, so this is an XMLHttpRequest. */
function post(path: string, form: FormData, { onProgress, signal }: Sending) {
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/${path}`);
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

/** An expired login is renewed once. */
export async function sendForm<T>(path: string, form: FormData, sending: Sending): Promise<T> {
  let answer = await post(path, form, sending);
  if (answer.status === 401 && (await refreshAccess()) === "renewed") answer = await post(path, form, sending);
  if (answer.status === 201) return answer.body as T;
  throw new ApiError(answer.status, faultsOf(answer.body), answer.body);
}

/** A small picture. Its address wants the access token, which <img> cannot send: hence a blob. */
export const thumbnailQuery = ({ id, thumbnail_url }: Media) =>
  queryOptions({ queryKey: ["thumbnail", id], queryFn: () => fetchFile(thumbnail_url ?? ""), enabled: thumbnail_url !== null, staleTime: Infinity });

/** The stored file, to be sent by its id. */
export function uploadFile({ file, isVoice, ...sending }: Upload): Promise<Media> {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("is_voice", String(isVoice));
  return sendForm<Media>("uploads/", form, sending);
}
