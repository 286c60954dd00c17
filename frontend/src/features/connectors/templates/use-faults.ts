import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { ApiError, type Fault, type Schemas } from "@/api/client";
import { checkQuery } from "../api/check-template";
import { placeOf } from "./draft";

/** What nobody wants to be told before they came to it. */
const EARLY = new Set(["required", "template_sample", "template_body_missing"]);

/** What the gateway would refuse, at the places of the editor: checked as one types; once handed in, everything is said. */
export function useFaults(connectionId: number, request: Schemas["TemplateDraftRequest"], refusal: unknown, isAsked: boolean, enabled: boolean) {
  const [settled] = useDebouncedValue(request, 500, { leading: false });
  const isBegun = settled.name !== "" || settled.components.some((part) => part.text);
  const { data, isFetching } = useQuery({ ...checkQuery(connectionId, settled), enabled: enabled && isBegun });
  const isEarly = ({ code, attr }: Fault) => !isAsked && (EARLY.has(code) || (attr === "name" && request.name === ""));
  const refused = refusal instanceof ApiError ? refusal.faults : [];
  const checked = (data ?? []).filter((fault) => !isEarly(fault));
  const components = data ? settled.components : request.components;
  const faults = [...checked, ...(data?.length ? [] : refused)].map((fault) => ({ ...fault, place: placeOf(fault.attr, components) }));
  /** The sentence for an input: its own, or of anything below it (`body.example`). */
  const about = (...places: string[]) => faults.find(({ place }) => places.some((each) => place === each || place.startsWith(`${each}.`)))?.detail;
  return { about, isGood: data?.length === 0, isChecking: isFetching, homeless: faults.find(({ attr }) => attr === null || attr === "components")?.detail };
}

export type About = ReturnType<typeof useFaults>["about"];
