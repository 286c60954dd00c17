import { Button } from "@mantine/core";
import { IconCloudOff, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "./error-words";
import classes from "./states.module.css";

/** What went wrong in words, and a way to try again. */
export function ErrorState({ error, onRetry, fill }: { error: unknown; onRetry?: () => void; fill?: boolean }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  return (
    <div className={classes.state} data-fill={fill || undefined} role="alert">
      <span className={classes.icon} data-bad><IconCloudOff size={24} stroke={1.6} /></span>
      <p className={classes.title}>{t("common.error.title")}</p>
      <p className={classes.text}>{words(error)}</p>
      {onRetry && (
        <Button className={classes.action} variant="default" leftSection={<IconRefresh size={15} stroke={1.8} />} onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}
