import { Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLink } from "@/lib/live-context";
import classes from "./shell.module.css";

const PATIENCE = 1_500;

/** Says that news may be missing, but not for a blink. */
export function LinkBanner() {
  const { t } = useTranslation();
  const isOnline = useLink() === "online";
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(!isOnline), isOnline ? 0 : PATIENCE);
    return () => clearTimeout(timer);
  }, [isOnline]);
  if (!isLate) return null;
  return (
    <div className={classes.banner} role="status">
      <Loader size={12} color="currentColor" />
      {t("common.link.offline")}
    </div>
  );
}
