import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { flat } from "@/api/page";
import { Confirm } from "@/components/confirm";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { type ApiKey, apiKeysQuery } from "./api/list-api-keys";
import { useRevokeApiKey } from "./api/revoke-api-key";
import type { ShownApiKey } from "./api/save-api-key";
import { KeyForm } from "./api-keys/key-form";
import { KeyRow } from "./api-keys/key-row";
import { ShownKey } from "./api-keys/shown-key";

type Open = { form: true; apiKey: ApiKey | null } | { shown: ShownApiKey } | { revoking: ApiKey };

/** Keys for programs that call the API. */
export function Component() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open | null>(null);
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(apiKeysQuery);
  const revoke = useRevokeApiKey();
  const keys = flat(data);
  const close = () => setOpen(null);
  const create = <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setOpen({ form: true, apiKey: null })}>{t("security.keys.new")}</Button>;
  return (
    <Page title={t("security.keys.title")} sub={t("security.keys.sub")} phoneBack="/settings" actions={keys.length > 0 && create}>
      {isPending && <Card><LoadingRows count={3} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && keys.length === 0 && <EmptyState icon={IconKey} title={t("security.keys.empty")} text={t("security.keys.emptyText")} action={create} />}
      {keys.length > 0 && (
        <Card>
          {keys.map((key) => <KeyRow key={key.id} apiKey={key} onEdit={() => setOpen({ form: true, apiKey: key })} onRevoke={() => setOpen({ revoking: key })} />)}
        </Card>
      )}
      {hasNextPage && <Button mt="md" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("common.loadMore")}</Button>}
      {open && "form" in open && <KeyForm apiKey={open.apiKey} onMade={(shown) => setOpen({ shown })} onClose={close} />}
      {open && "shown" in open && <ShownKey apiKey={open.shown} onClose={close} />}
      {open && "revoking" in open && (
        <Confirm opened danger title={t("security.keys.revokeTitle", { name: open.revoking.name })} action={t("security.keys.revoke")} busy={revoke.isPending} onClose={close} onConfirm={() => revoke.mutate(open.revoking.id, { onSuccess: close })}>
          {t("security.keys.revokeText")}
        </Confirm>
      )}
    </Page>
  );
}
