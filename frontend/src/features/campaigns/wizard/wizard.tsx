import { Button, SegmentedControl, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useNavigate, useSearchParams } from "react-router";
import { ApiError, type Schemas } from "@/api/client";
import { usualConnection } from "@/api/lookups";
import { Confirm } from "@/components/confirm";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import type { Campaign } from "../api/list-campaigns";
import { useMoveCampaign } from "../api/move-campaign";
import type { Sample } from "../api/preview-audience";
import { AudienceCount } from "../audience-count";
import { hasAudience, hasContent, startsAt } from "../draft";
import { PeopleDrawer } from "../people-drawer";
import { AudienceStep } from "./audience-step";
import { PhoneMock } from "./phone-mock";
import { ReviewStep } from "./review-step";
import { type Step, steps, StepsBar } from "./steps-bar";
import { TemplateChoice } from "./template-choice";
import { TestSend } from "./test-send";
import { useDraft } from "./use-draft";
import { useSurvey } from "./use-survey";
import { Variants } from "./variants";
import { WhenStep } from "./when-step";
import classes from "./wizard.module.css";

type Props = { campaign: Campaign | null; numbers: string; connections: Schemas["Connection"][] };

/** From an idea to a start, in four steps that can be walked in any order. */
export function Wizard({ campaign, numbers, connections }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const step = steps.find((each) => each === search.get("step")) ?? "audience";
  const drafting = useDraft(campaign, numbers, usualConnection(connections)?.id ?? null);
  const { draft, change, saved, connection, isDirty, savesItself, store } = drafting;
  const survey = useSurvey(drafting);
  const { start } = useMoveCampaign();
  const [variant, setVariant] = useState(0);
  const [like, setLike] = useState(0);
  const [isAsked, setAsked] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const error = start.error ?? drafting.error ?? survey.error;
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  const number = connections.find(({ id }) => id === connection) ?? null;
  const [picked, setPicked] = useState<Sample | null>(null);
  const [isPicking, setPicking] = useState(false);
  const drawn = (survey.data?.samples ?? []).filter(({ reason }) => !reason);
  const samples = picked ? [picked, ...drawn.filter(({ contact }) => contact !== picked.contact)] : drawn;
  const pick = (person: Sample) => {
    setPicked(person);
    setLike(0);
    setPicking(false);
  };
  const hasTemplates = number?.capabilities.has_templates ?? false;
  const place = steps.indexOf(step);
  // Where the person wants to be: while the router is still on its way there, the address says where they were.
  const wanted = useRef(step);
  const goTo = (next: Step) => {
    wanted.current = next;
    setSearch({ step: next });
  };
  const done = { audience: hasAudience(draft), message: hasContent(draft), when: draft.when === "now" || draft.at !== "", review: false };
  const isNew = campaign === null && saved !== null && !window.location.pathname.endsWith(`/${saved.id}`);

  useEffect(() => {
    if (isNew && saved) void navigate(`/campaigns/new/${saved.id}?step=${wanted.current}`, { replace: true });
  }, [isNew, saved, navigate]);
  useEffect(() => {
    wanted.current = step; // back and forward in the browser, too
  }, [step]);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isDirty && !isLeaving && !nextLocation.pathname.startsWith("/campaigns/new") && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!isDirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [isDirty]);
  useEffect(() => {
    if (isLeaving && saved) void navigate(`/campaigns/${saved.id}`);
  }, [isLeaving, saved, navigate]);

  const launch = async () => {
    start.reset();
    const stored = await store();
    const isOff = stored && (savesItself ? await start.mutateAsync({ id: stored.id, starts_at: startsAt(draft) }).catch(() => null) : stored);
    setAsked(false);
    if (isOff) setLeaving(true);
  };
  const isAboutNumbers = drafting.error instanceof ApiError && Boolean(drafting.error.faults[0]?.attr?.startsWith("recipients"));
  const failure = start.error ?? (isAboutNumbers && step === "audience" ? null : drafting.error); // the numbers say it themselves
  const action = t(!savesItself ? "campaigns.wizard.saveChanges" : draft.when === "later" ? "campaigns.schedule" : "campaigns.startNow");

  return (
    <>
      <StepsBar step={step} done={done} onStep={goTo} />
      {failure !== null && <FormError>{words(failure)}</FormError>}
      <div className={classes.layout} style={failure !== null ? { marginTop: 16 } : undefined}>
        <div className={classes.column}>
          {step === "audience" && <AudienceStep drafting={drafting} survey={survey} connections={connections} about={about} />}
          {step === "message" && hasTemplates && (
            <Card className={classes.section}>
              <SegmentedControl aria-label={t("campaigns.message")} value={draft.kind} onChange={(value) => change({ kind: value === "template" ? "template" : "text" })} data={[{ value: "text", label: t("campaigns.text") }, { value: "template", label: t("campaigns.template") }]} />
              {number?.capabilities.has_service_window && draft.kind === "text" && <Text size="xs" c="dimmed">{t("campaigns.windowHint")}</Text>}
            </Card>
          )}
          {step === "message" && (hasTemplates && draft.kind === "template" ? <TemplateChoice drafting={drafting} survey={survey} /> : <Variants variants={draft.variants} connection={number} survey={survey} shown={variant} onShow={setVariant} onChange={(next) => change((old) => ({ variants: next(old.variants) }))} />)}
          {step === "when" && <WhenStep drafting={drafting} about={about} />}
          {step === "review" && <ReviewStep drafting={drafting} survey={survey} connectionName={[number, ...draft.others.map((line) => connections.find(({ id }) => id === line.connection))].flatMap((each) => each?.name ?? []).join(", ")} onStep={goTo} />}
          {step === "review" && <AudienceCount survey={survey} onPick={pick} />}
        </div>
        <div className={classes.side}>
          {(step === "audience" || step === "when") && <AudienceCount survey={survey} />}
          {(step === "message" || step === "review") && <PhoneMock draft={draft} connection={number} variant={variant} samples={samples} like={like} onLike={setLike} onVariant={setVariant} onOther={hasAudience(draft) ? () => setPicking(true) : undefined} />}
          {isPicking && <PeopleDrawer audience={survey.asked} reason="" onClose={() => setPicking(false)} onPick={pick} />}
          {(step === "message" || step === "review") && hasContent(draft) && <TestSend drafting={drafting} variant={Math.min(variant, draft.variants.length - 1)} like={samples[like] ?? samples[0]} />}
        </div>
      </div>
      <div className={classes.foot}>
        {place > 0 && <Button variant="default" size="sm" onClick={() => goTo(steps[place - 1] ?? "audience")}>{t("campaigns.wizard.back")}</Button>}
        <span className={classes.state} data-bad={drafting.error !== null || undefined} role="status">{drafting.error !== null ? t("campaigns.wizard.notSaved") : drafting.isSaving ? t("campaigns.wizard.saving") : saved && !isDirty ? t("campaigns.wizard.saved") : isDirty && !savesItself ? t("campaigns.wizard.unsaved") : ""}</span>
        {step !== "review" ? <Button size="sm" onClick={() => goTo(steps[place + 1] ?? "review")}>{t("campaigns.wizard.next")}</Button> : <Button size="sm" disabled={connection === null || !done.audience || !done.message} onClick={() => setAsked(true)}>{action}</Button>}
      </div>
      <Confirm opened={isAsked} title={t(!savesItself ? "campaigns.wizard.saveTitle" : draft.when === "later" ? "campaigns.wizard.scheduleTitle" : "campaigns.startTitle")} action={action} busy={start.isPending || drafting.isSaving} onClose={() => setAsked(false)} onConfirm={() => void launch()}>{t(draft.when === "later" ? "campaigns.wizard.scheduleText" : "campaigns.wizard.startCount", { count: survey.data?.count ?? 0 })}</Confirm>
      <Confirm danger opened={blocker.state === "blocked"} title={t("campaigns.wizard.leaveTitle")} action={t("campaigns.wizard.leave")} onClose={() => blocker.reset?.()} onConfirm={() => blocker.proceed?.()}>{t("campaigns.wizard.leaveText")}</Confirm>
    </>
  );
}
