import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";

/** A failure as a sentence: the server's own words when it said any. */
export function useErrorWords() {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return t("common.error.unknown");
      if (error.status === 0) return t("common.error.network");
      if (error.status === 404) return t("common.error.notFound");
      if (error.faults[0]?.detail) return error.faults[0].detail;
      if (error.status === 429) return t("common.error.tooFast");
      return error.status >= 500 ? t("common.error.server") : t("common.error.unknown");
    },
    [t],
  );
}

/** For `onError` of a mutation that has no place of its own to show the failure. */
export function useErrorToast() {
  const words = useErrorWords();
  return useCallback((error: unknown) => void notifications.show({ color: "red", message: words(error) }), [words]);
}
