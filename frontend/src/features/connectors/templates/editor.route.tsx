import { IconTemplateOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { connectionsQuery, templatesQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { LoadingRows } from "@/components/loading-rows";
import { Page } from "@/components/page";
import { Editor } from "./editor";
import { TemplateStatus } from "./template-status";

export function Component() {
  const { t } = useTranslation();
  const { connectionId, templateId } = useParams();
  const mayWrite = useMay()("template.manage");
  const connection = useQuery(connectionsQuery).data?.find(({ id }) => id === Number(connectionId));
  const templates = useQuery(templatesQuery(Number(connectionId))).data;
  const template = templates?.find(({ id }) => id === Number(templateId)) ?? null;
  const isMissing = templateId !== undefined && templates !== undefined && !template;
  const isReady = connection && (templateId === undefined || template);
  return (
    <Page title={template?.name ?? t("templates.new")} sub={connection?.name} back={`/connections/${connectionId}/templates`} actions={template && <TemplateStatus template={template} />}>
      {isMissing && <EmptyState icon={IconTemplateOff} title={t("templates.gone")} text={t("templates.goneText")} />}
      {!isMissing && !isReady && <LoadingRows count={4} />}
      {isReady && <Editor key={templateId ?? "new"} connection={connection} template={template} mayWrite={mayWrite} />}
    </Page>
  );
}
