import i18next from "i18next";
import { ApiError } from "@/api/client";

const SIDE = 512; // https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types

/** The picture as WhatsApp wants stickers: WebP, 512 by 512, the whole of it on a clear ground. A WebP stays as it is, it may move. */
export async function stickerOf(file: File): Promise<File> {
  if (file.type === "image/webp") return file;
  const picture = await createImageBitmap(file).catch(() => null);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const share = picture ? SIDE / Math.max(picture.width, picture.height) : 0;
  if (picture) canvas.getContext("2d")?.drawImage(picture, (SIDE - picture.width * share) / 2, (SIDE - picture.height * share) / 2, picture.width * share, picture.height * share);
  const blob = picture && (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.8)));
  if (blob?.type !== "image/webp") throw new ApiError(400, [{ code: "no_sticker", detail: i18next.t("tickets.attach.noSticker"), attr: null }]); // Safari writes no WebP
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".webp", { type: "image/webp" });
}
