import { Button, Loader } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useErrorWords } from "@/components/error-words";
import { EmptyState } from "@/components/empty-state";
import { Card, Page } from "@/components/page";
import { formatPhone } from "@/lib/format";
import { useFinishSignup } from "../api/finish-signup";
import { ConnectionState } from "../connection-state";
import classes from "./linking.module.css";

/** Where Meta sends the person back to, with a code that is good once. */
export function Component() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [search] = useSearchParams();
  const { mutate, data, error } = useFinishSignup();
  const isTold = useRef(false);
  const [code, state, denied] = [search.get("code"), search.get("state"), search.get("error_description") ?? search.get("error")];
  useEffect(() => {
    if (!code || !state || isTold.current) return;
    isTold.current = true; // the code is good once, and React may run this twice
    mutate({ code, state });
  }, [code, state, mutate]);
  const failure = denied !== null ? t("linking.signup.denied") : !code || !state ? t("linking.signup.incomplete") : error ? words(error) : "";
  const again = <Button component={Link} to="/connections/new">{t("linking.signup.again")}</Button>;
  return (
    <Page title={t("linking.signup.title")} back="/connections">
      <div className={classes.wizard}>
        {failure && <Card><EmptyState icon={IconAlertTriangle} title={t("linking.signup.failed")} text={failure} action={again} /></Card>}
        {!failure && !data && <Card className={classes.section}><div className={classes.list} role="status"><Loader size={20} />{t("linking.signup.working")}</div></Card>}
        {data && (
          <Card className={classes.section}>
            <h2>{t("linking.signup.linked", { count: data.length })}</h2>
            <ul className={classes.linked}>
              {data.map((connection) => (
                <li key={connection.id}>
                  <span className={classes.wayWords}><strong>{connection.name}</strong><span>{formatPhone(connection.number ?? "")} {connection.state !== "connected" && `${connection.state_reason} ${t("linking.signup.missing")}`}</span></span>
                  <ConnectionState connection={connection} />
                  <Button variant="default" component={Link} to={`/connections/${connection.id}`}>{t("linking.open")}</Button>
                </li>
              ))}
            </ul>
            <div className={classes.foot}><Button component={Link} to="/connections">{t("linking.signup.toConnections")}</Button></div>
          </Card>
        )}
      </div>
    </Page>
  );
}
