import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { flat } from "@/api/page";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { formatCount, formatDateTime } from "@/lib/format";
import { type ContactImport, importsQuery } from "./api/list-imports";
import { DropZone } from "./drop-zone";
import { ImportState } from "./import-state";
import classes from "./imports.module.css";

/** A new file, and those of before. */
export function Component() {
  const { t } = useTranslation();
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(importsQuery);
  const jobs = flat(data);
  return (
    <Page back="/contacts" title={t("contacts.imports.title")}>
      <div className={classes.column}>
        <DropZone />
        {isPending && <Card><LoadingRows count={3} /></Card>}
        {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {jobs.length > 0 && (
          <Card>
            <h2 className={classes.historyTitle}>{t("contacts.imports.history")}</h2>
            {jobs.map((job) => <Row key={job.id} job={job} />)}
          </Card>
        )}
        {hasNextPage && <div className={classes.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
      </div>
    </Page>
  );
}

function Row({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const hasBegun = job.state !== "uploaded" && job.state !== "previewed";
  return (
    <Link to={`/contacts/imports/${job.id}`} className={classes.row}>
      <div>
        <div className={`${classes.name} ellipsis`}>{job.name}</div>
        <div className={`${classes.meta} ellipsis`}>{[formatDateTime(job.created_at, i18n.language), job.created_by_name].filter(Boolean).join(" · ")}</div>
      </div>
      <div className={`${classes.meta} ${classes.told} tabular`}>{hasBegun && t("contacts.imports.brief", { created: count(job.counts.created), updated: count(job.counts.updated), invalid: count(job.counts.invalid) })}</div>
      <div><ImportState job={job} /></div>
    </Link>
  );
}
