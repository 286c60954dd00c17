import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { type AccountNumber, useAccountNumbers } from "../api/list-account-numbers";
import { useTestConnection } from "../api/test-connection";
import { type CloudField, type Credentials, emptyOrOdd, fieldOf, type FieldWords } from "./credentials";

/** Asks Meta about credentials before they are kept, and lays what it says at the right field. */
export function useTrial(credentials: Credentials) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const listing = useAccountNumbers();
  const testing = useTestConnection(undefined);
  const [faults, setFaults] = useState<FieldWords>({});
  const [failure, setFailure] = useState("");
  const [verdict, setVerdict] = useState<Schemas["CredentialsVerdict"] | null>(null);

  const begin = (fields: readonly CloudField[]) => {
    const missing = emptyOrOdd(credentials, fields, { needed: t("linking.account.needed"), digits: t("linking.account.digits") });
    setFaults(missing);
    setFailure("");
    setVerdict(null);
    return Object.keys(missing).length === 0;
  };
  const refuse = (error: unknown, asked: "waba_id" | "phone_number_id") => {
    const field = fieldOf(error, asked);
    if (field) setFaults({ [field]: words(error) });
    else setFailure(words(error));
  };
  const list = async (): Promise<AccountNumber[] | null> => {
    if (!begin(["waba_id", "access_token"])) return null;
    return listing.mutateAsync(credentials).catch((error: unknown) => {
      refuse(error, "waba_id");
      return null;
    });
  };
  const test = async () => {
    if (!begin(["waba_id", "access_token", "phone_number_id", "app_secret"])) return;
    const found = await list();
    if (!found) return;
    if (!found.some(({ phone_number_id }) => phone_number_id === credentials.phone_number_id.trim())) return setFaults({ phone_number_id: t("linking.account.otherAccount") });
    await testing.mutateAsync({ provider: "cloud_api", credentials }).then(setVerdict, (error: unknown) => refuse(error, "phone_number_id"));
  };
  const forget = (field: CloudField) => {
    setFaults((old) => ({ ...old, [field]: undefined }));
    setVerdict(null);
    setFailure("");
  };
  return { list, test, forget, begin, faults, setFaults, failure, setFailure, verdict, numbers: listing.data, isListing: listing.isPending && !testing.isPending, isTesting: testing.isPending };
}
