import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconBellCheck, IconChecks } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { flat } from "@/api/page";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { noticesQuery } from "../api/list-notices";
import { useReadNotices } from "../api/read-notices";
import { NoticeRow } from "./notice-row";
import classes from "./notices.module.css";

export function NoticeList({ unread, onClose }: { unread: number; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(noticesQuery);
  const read = useReadNotices();
  const notices = flat(data);
  return (
    <>
      <div className={classes.head}>
        <h2>{t("notices.title")}</h2>
        {unread > 0 && (
          <Tooltip label={t("notices.readAll")}>
            <ActionIcon aria-label={t("notices.readAll")} loading={read.isPending} onClick={() => read.mutate(undefined, { onError: toast })}><IconChecks size={18} stroke={1.7} /></ActionIcon>
          </Tooltip>
        )}
      </div>
      <div className={classes.list}>
        {isPending && <LoadingRows count={3} />}
        {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data && notices.length === 0 && <EmptyState icon={IconBellCheck} title={t("notices.empty")} text={t("notices.emptyText")} />}
        {notices.length > 0 && (
          <ul>
            {notices.map((notice) => (
              <NoticeRow
                key={notice.id}
                notice={notice}
                onRead={() => read.mutate([notice.id], { onError: toast })}
                onOpen={() => {
                  if (notice.read_at === null) read.mutate([notice.id]);
                  onClose();
                }}
              />
            ))}
          </ul>
        )}
        {hasNextPage && <div className={classes.more}><Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button></div>}
      </div>
    </>
  );
}
