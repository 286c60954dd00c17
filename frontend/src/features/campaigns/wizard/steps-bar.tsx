import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./wizard.module.css";

export const steps = ["audience", "message", "when", "review"] as const;
export type Step = (typeof steps)[number];

export function StepsBar({ step, done, onStep }: { step: Step; done: Record<Step, boolean>; onStep: (step: Step) => void }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.steps} aria-label={t("campaigns.wizard.steps")}>
      {steps.map((each, place) => (
        <button key={each} type="button" className={classes.step} data-done={done[each] || undefined} aria-label={t(`campaigns.wizard.step.${each}`)} aria-current={each === step ? "step" : undefined} onClick={() => onStep(each)}>
          <span className={classes.number}>{done[each] && each !== step ? <IconCheck size={14} stroke={2.4} aria-hidden /> : place + 1}</span>
          <span className={classes.stepName}>{t(`campaigns.wizard.step.${each}`)}</span>
        </button>
      ))}
    </nav>
  );
}
