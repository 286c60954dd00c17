import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./states.module.css";

/** The shape of a list while it loads. */
export function LoadingRows({ count = 6, height = 76 }: { count?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes.rows} role="status" aria-label={t("common.loading")}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={classes.row} style={{ height }}>
          <Skeleton circle height={36} />
          <div className={classes.lines}>
            <Skeleton height={10} width={`${40 + ((index * 17) % 30)}%`} />
            <Skeleton height={8} width={`${55 + ((index * 23) % 35)}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
