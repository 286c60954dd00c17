import { IconBrandMeta, IconChevronRight, IconDeviceMobile, IconKey, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { Card } from "@/components/page";
import { signupQuery } from "../api/begin-signup";
import classes from "./linking.module.css";

export type Gateway = "simulator" | "cloud_api";

/** Three ways to a number; Meta's own is explained where the platform has no app for it. */
export function GatewayStep({ onChoose }: { onChoose: (gateway: Gateway) => void }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(signupQuery);
  const isUnavailable = error instanceof ApiError && error.code === "sign_up_unavailable";
  return (
    <Card className={classes.section}>
      <h2>{t("linking.gateway.title")}</h2>
      {data && <Way icon={IconBrandMeta} name={t("linking.gateway.signup")} text={t("linking.gateway.signupText")} onClick={() => window.location.assign(data.url)} isFirst />}
      <Way icon={IconKey} name={`${t("connectors.provider.cloud_api")} · ${t("linking.gateway.own")}`} text={`${t("linking.gateway.cloudText")} ${t("linking.gateway.ownText")}`} onClick={() => onChoose("cloud_api")} />
      <Way icon={IconDeviceMobile} name={t("connectors.provider.simulator")} text={t("linking.gateway.simulatorText")} onClick={() => onChoose("simulator")} />
      {isUnavailable && <p className={classes.quiet}>{t("linking.gateway.unavailable")}</p>}
    </Card>
  );
}

function Way({ icon: Icon, name, text, onClick, isFirst }: { icon: Icon; name: string; text: string; onClick: () => void; isFirst?: boolean }) {
  return (
    <button type="button" className={classes.way} data-first={isFirst} onClick={onClick}>
      <span className={classes.wayIcon}><Icon size={22} stroke={1.6} aria-hidden /></span>
      <span className={classes.wayWords}><strong>{name}</strong><span>{text}</span></span>
      <IconChevronRight size={18} stroke={1.7} aria-hidden />
    </button>
  );
}
