import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { Card } from "@/components/page";
import { formatDateTime, formatPercent } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { healthQuery } from "../api/get-health";
import { scoreQuery } from "../api/get-score";
import { useMoveConnection } from "../api/move-connection";
import { type Finding, findingsOf } from "./findings";
import { HealthFacts } from "./health-facts";
import { HealthScore } from "./health-score";
import classes from "./health.module.css";

const icons = { good: IconCircleCheck, mild: IconInfoCircle, bad: IconAlertTriangle };

/** How the number is, in words, with what to do about it; below, what was counted. */
export function HealthPanel({ connection, mayManage }: { connection: Schemas["Connection"]; mayManage: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const { data, isError, error, refetch } = useQuery(healthQuery(connection.id));
  const { data: score } = useQuery(scoreQuery(connection.id));
  return (
    <Card className={classes.panel}>
      <h2>{t("linking.health.title")}</h2>
      {!data && !isError && <LoadingRows count={2} />}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <ul className={classes.findings}>
            {findingsOf(connection, data, now, score).map((finding) => <Told key={finding.key} finding={finding} connectionId={connection.id} mayManage={mayManage} />)}
          </ul>
          <HealthScore connectionId={connection.id} />
          <HealthFacts health={data} restrictions={data.restrictions} />
        </>
      )}
    </Card>
  );
}

function Told({ finding, connectionId, mayManage }: { finding: Finding; connectionId: number; mayManage: boolean }) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const { resume, connect } = useMoveConnection(connectionId);
  const Icon = icons[finding.tone];
  const said = { at: finding.at ? formatDateTime(finding.at, i18n.language) : "", count: finding.count ?? 0, share: formatPercent(finding.share ?? 0, i18n.language) };
  const isResting = finding.key === "resting" || finding.key === "restingForever" || finding.key === "unwell";
  const isLost = finding.key === "closed" || finding.key === "new";
  return (
    <li className={classes.finding} data-tone={finding.tone}>
      <Icon size={20} stroke={1.7} aria-hidden />
      <div>
        <p className={classes.told}>{t(`linking.health.${finding.key}`, said)}</p>
        {finding.reason && <p className={classes.reason}>{finding.reason}</p>}
        <p className={classes.advice}>{t(`linking.health.${finding.key}Text`, said)}</p>
        {mayManage && isResting && <Button mt={6} variant="default" loading={resume.isPending} onClick={() => resume.mutate(undefined, { onError: toast })}>{t(finding.key === "unwell" ? "linking.health.endRest" : "connectors.resume")}</Button>}
        {mayManage && isLost && <Button mt={6} loading={connect.isPending} onClick={() => connect.mutate(undefined, { onError: toast })}>{t("connectors.connect")}</Button>}
      </div>
    </li>
  );
}
