import { MultiSelect, NumberInput, SegmentedControl, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import type { Distribution } from "../draft";
import type { Drafting } from "./use-draft";
import classes from "./wizard.module.css";

const ways: Distribution[] = ["round_robin", "weighted", "sticky"];
type Props = { drafting: Drafting; connections: Schemas["Connection"][]; first: number; error?: string };

/** More numbers for the same campaign, and how they share the recipients out. */
export function Lines({ drafting, connections, first, error }: Props) {
  const { t } = useTranslation();
  const { draft, change } = drafting;
  const nameOf = (id: number) => connections.find((each) => each.id === id)?.name ?? "";
  const choose = (ids: string[]) => change({ others: ids.map((id) => draft.others.find(({ connection }) => connection === Number(id)) ?? { connection: Number(id), weight: 1 }) });
  const lines = [{ connection: first, weight: draft.weight }, ...draft.others];
  const weigh = (connection: number, weight: number) => change(connection === first ? { weight } : { others: draft.others.map((line) => (line.connection === connection ? { ...line, weight } : line)) });
  return (
    <>
      <MultiSelect clearable hidePickedOptions label={t("campaigns.lines.more")} description={t("campaigns.lines.moreText")} data={connections.filter(({ id }) => id !== first).map(({ id, name }) => ({ value: String(id), label: name }))} value={draft.others.map(({ connection }) => String(connection))} error={error} onChange={choose} />
      {draft.others.length > 0 && (
        <>
          <SegmentedControl aria-label={t("campaigns.lines.how")} value={draft.distribution} onChange={(distribution) => change({ distribution })} data={ways.map((value) => ({ value, label: t(`campaigns.lines.way.${value}`) }))} />
          <Text size="xs" c="dimmed">{t(`campaigns.lines.wayText.${draft.distribution}`)}</Text>
          {draft.distribution === "weighted" && <div className={classes.weights}>{lines.map(({ connection, weight }) => <NumberInput key={connection} size="sm" min={1} max={100} allowDecimal={false} label={nameOf(connection)} value={weight} onChange={(value) => weigh(connection, Number(value) || 1)} />)}</div>}
        </>
      )}
    </>
  );
}
