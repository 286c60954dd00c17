import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import type { Schemas } from "@/api/client";
import { connectionsQuery } from "@/api/lookups";
import { useErrorToast } from "@/components/error-words";
import { Card, Page } from "@/components/page";
import { useMoveConnection } from "../api/move-connection";
import { AccountStep } from "./account-step";
import { GatewayStep } from "./gateway-step";
import classes from "./linking.module.css";
import { RegisterPanel } from "./register-panel";
import { SimulatorStep } from "./simulator-step";
import { WebhookPanel } from "./webhook-panel";

const steps = ["gateway", "account", "finish"] as const;
type Kept = { verifyToken?: string } | null;

/** From nothing to a number that sends and hears: choose the gateway, give the credentials, tell Meta where to call. */
export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { connectionId } = useParams();
  const [search, setSearch] = useSearchParams();
  const gateway = search.get("gateway");
  const kept = useLocation().state as Kept;
  const connection = useQuery(connectionsQuery).data?.find(({ id }) => id === Number(connectionId));
  const step = connectionId ? "finish" : gateway ? "account" : "gateway";
  const back = () => setSearch({});
  return (
    <Page title={t("connectors.new")} back="/connections">
      <div className={classes.wizard}>
        <ol className={classes.steps} aria-label={t("linking.steps")}>
          {steps.map((each) => <li key={each} aria-current={each === step ? "step" : undefined} data-done={steps.indexOf(each) < steps.indexOf(step) || undefined}>{t(`linking.step.${each}`)}</li>)}
        </ol>
        {step === "gateway" && <GatewayStep onChoose={(chosen) => setSearch({ gateway: chosen })} />}
        {step === "account" && gateway === "cloud_api" && <Saving>{(connect) => <AccountStep onBack={back} onSaved={(made, verifyToken) => connect(made, () => void navigate(`/connections/new/${made.id}`, { replace: true, state: { verifyToken } satisfies Kept }))} />}</Saving>}
        {step === "account" && gateway !== "cloud_api" && <Saving>{(connect) => <SimulatorStep onBack={back} onSaved={(made) => connect(made, () => void navigate(`/phone/${made.id}`, { replace: true }))} />}</Saving>}
        {step === "finish" && (connection ? <Finish connection={connection} verifyToken={kept?.verifyToken ?? ""} /> : <Loader m="auto" />)}
      </div>
    </Page>
  );
}

type Connect = (connection: Schemas["Connection"], then: () => void) => void;

/** What was saved is connected at once; where Meta says no, the next step says why and goes on. */
function Saving({ children }: { children: (connect: Connect) => React.ReactNode }) {
  const { connectNew } = useMoveConnection(0);
  return children((connection, then) => connectNew.mutate(connection.id, { onSettled: then }));
}

function Finish({ connection, verifyToken }: { connection: Schemas["Connection"]; verifyToken: string }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { connect } = useMoveConnection(connection.id);
  const isConnected = connection.state === "connected";
  return (
    <>
      <Card className={classes.section}>
        <h2>{t(isConnected ? "linking.finish.connected" : "linking.finish.notConnected")}</h2>
        <p className={classes.verdict} data-good={isConnected || undefined} data-bad={!isConnected || undefined} role="status">{isConnected ? t("linking.finish.connectedText") : connection.state_reason || t("connectors.state.new")}</p>
        {!isConnected && <div><Button loading={connect.isPending} onClick={() => connect.mutate(undefined, { onError: toast })}>{t("connectors.connect")}</Button></div>}
      </Card>
      {!isConnected && connection.capabilities.registers_numbers && <RegisterPanel connection={connection} />}
      <WebhookPanel connection={connection} verifyToken={verifyToken} />
      <div className={classes.foot}>
        <Button variant="default" component={Link} to={`/connections/${connection.id}/templates`}>{t("linking.finish.toTemplates")}</Button>
        <Button component={Link} to={`/connections/${connection.id}`}>{t("linking.finish.done")}</Button>
      </div>
    </>
  );
}
