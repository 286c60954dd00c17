import { useState } from "react";
import type { Plan } from "./plan";

/** The form's content, and how parts of it change. */
export function usePlan(first: () => Plan) {
  const [plan, setPlan] = useState(first);
  const change = (part: Partial<Plan> | ((plan: Plan) => Partial<Plan>)) => setPlan((before) => ({ ...before, ...(typeof part === "function" ? part(before) : part) }));
  return [plan, change] as const;
}
