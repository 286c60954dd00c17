import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { formatDateTime } from "@/lib/format";
import { importQuery, isAtWork } from "./api/get-import";
import { ImportProgress } from "./import-progress";
import { ImportResult } from "./import-result";
import { ImportSetup } from "./import-setup";
import { ImportState } from "./import-state";

/** One import, from the file to its result. */
export function Component() {
  const { t, i18n } = useTranslation();
  const importId = Number(useParams().importId);
  const { data: job, isPending, isError, error, refetch } = useQuery(importQuery(importId));
  const isOpen = job?.state === "uploaded" || job?.state === "previewed";
  return (
    <Page
      back="/contacts/imports"
      title={job?.name || t("contacts.imports.one")}
      sub={job && <Group gap={8} wrap="nowrap"><ImportState job={job} /><span className="ellipsis">{[formatDateTime(job.created_at, i18n.language), job.created_by_name].filter(Boolean).join(" · ")}</span></Group>}
    >
      {isPending && <Card><LoadingRows count={4} /></Card>}
      {isError && !job && <ErrorState error={error} onRetry={() => void refetch()} />}
      {job && isOpen && <ImportSetup key={job.id} job={job} />}
      {job && isAtWork(job) && <ImportProgress job={job} />}
      {job && !isOpen && !isAtWork(job) && <ImportResult job={job} />}
    </Page>
  );
}
