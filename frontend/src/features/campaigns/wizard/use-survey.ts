import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Audience, surveyQuery } from "../api/preview-audience";
import { audienceOf, contentOf, hasAudience, hasContent, linesOf, recipientsOf } from "../draft";
import type { Drafting } from "./use-draft";

/** Who would get it as it stands in the wizard, saved or not. */
export function useSurvey({ draft, connection, saved, areNumbersSaved }: Drafting) {
  const asked = useMemo<Audience>(
    () => ({
      ...audienceOf(draft),
      ...(connection === null ? { connection } : linesOf(draft, connection)),
      ...(hasContent(draft) ? contentOf(draft) : {}),
      ...(areNumbersSaved ? { campaign: saved?.id ?? null } : { recipients: recipientsOf(draft) }),
    }),
    [draft, connection, saved?.id, areNumbersSaved],
  );
  const [settled] = useDebouncedValue(asked, 350);
  const isAsked = hasAudience(draft) || hasContent(draft);
  const query = useQuery({ ...surveyQuery(settled), enabled: isAsked && connection !== null });
  return { ...query, asked: settled, hasAudience: hasAudience(draft), isOfNow: settled === asked && !query.isPlaceholderData };
}

export type Surveyed = ReturnType<typeof useSurvey>;

/** The sentence about one field, as the start would say it. Silent while somebody types: the last answer may be about other words. */
export const problemAbout = (survey: Surveyed, ...fields: string[]) => (survey.isOfNow ? survey.data : undefined)?.problems.find(({ attr }) => fields.includes(attr))?.detail;
