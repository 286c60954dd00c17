import { type ImgHTMLAttributes, useCallback } from "react";

type Props = Omit<ImgHTMLAttributes<HTMLImageElement>, "src"> & { blob: Blob | undefined };

/** A picture from memory; its address is given back when it leaves the page. */
export function BlobImage({ blob, alt, ...rest }: Props) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image || !blob) return;
      const url = URL.createObjectURL(blob);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [blob],
  );
  return <img ref={show} alt={alt} {...rest} />;
}
