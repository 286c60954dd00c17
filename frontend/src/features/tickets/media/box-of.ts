import type { Media } from "../api/get-media";

const [WIDEST, TALLEST, NARROWEST] = [280, 320, 120];

/** How large a picture is shown in a bubble. */
export function boxOf({ width, height }: Pick<Media, "width" | "height">) {
  if (!width || !height) return { width: WIDEST, aspectRatio: "4 / 3" };
  const shown = Math.max(NARROWEST, Math.min(WIDEST, width, (TALLEST * width) / height));
  return { width: Math.round(shown), aspectRatio: `${width} / ${height}` };
}
