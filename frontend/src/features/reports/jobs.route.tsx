import { Button, SegmentedControl, Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChecks } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { flat } from "@/api/page";
import { EmptyState } from "@/components/empty-state";
import { useErrorToast } from "@/components/error-words";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { depthQuery, type JobKind, jobKinds, jobsQuery, type JobState, jobStates, useRetryJob } from "./api/jobs";
import { JobRow } from "./job-row";
import classes from "./jobs.module.css";
import { QueueTable } from "./queue-table";

/** The work in the background: how deep each queue is, what failed and why, and what was done. */
export function Component() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const [state, setState] = useState<JobState>("failed");
  const [kind, setKind] = useState<JobKind | null>(null);
  const depth = useQuery(depthQuery);
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(jobsQuery(state, kind));
  const retry = useRetryJob();
  const jobs = flat(data);
  const again = (id: string) => retry.mutate(id, { onError: toast, onSuccess: () => notifications.show({ message: t("reports.jobs.retried") }) });
  const name = (kind: JobKind) => t(`reports.jobs.kinds.${kind}`);
  return (
    <Page title={t("reports.jobs.title")} sub={t("reports.jobs.sub", { count: depth.data?.days ?? 14 })} phoneBack="/settings">
      {depth.isError && !depth.data && <ErrorState error={depth.error} onRetry={() => void depth.refetch()} />}
      {depth.isPending && <Card className={classes.queues}><LoadingRows count={4} /></Card>}
      {depth.data && <QueueTable works={depth.data.results} />}
      <div className={classes.filters} role="search">
        <SegmentedControl aria-label={t("reports.jobs.which")} value={state} onChange={(value) => setState(jobStates.find((one) => one === value) ?? "failed")} data={jobStates.map((value) => ({ value, label: t(`reports.jobs.tab.${value}`) }))} />
        <Select clearable aria-label={t("reports.jobs.which")} placeholder={t("reports.jobs.every")} data={jobKinds.map((value) => ({ value, label: name(value) }))} value={kind} onChange={(value) => setKind(jobKinds.find((one) => one === value) ?? null)} />
      </div>
      {isPending && <Card><LoadingRows count={4} height={64} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && jobs.length === 0 && <EmptyState icon={IconChecks} title={t(`reports.jobs.empty.${state}`)} text={t("reports.jobs.emptyText")} />}
      {jobs.length > 0 && (
        <Card>
          <ul className={classes.rows} aria-label={t(`reports.jobs.tab.${state}`)}>
            {jobs.map((job) => <JobRow key={job.id} job={job} isBusy={retry.isPending && retry.variables === job.id} onRetry={() => again(job.id)} />)}
          </ul>
        </Card>
      )}
      {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
    </Page>
  );
}
