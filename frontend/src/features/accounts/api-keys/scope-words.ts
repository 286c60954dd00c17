import { useTranslation } from "react-i18next";
import en from "@/locales/en";

const { resource, verb } = en.security.scope;
const isResource = (name: string): name is keyof typeof resource => name in resource;
const isVerb = (name: string): name is keyof typeof verb => name in verb;

/** The table of permissions in words. A name that is newer than these words is shown as it is. */
export function useScopeWords() {
  const { t } = useTranslation();
  return {
    resource: (name: string) => (isResource(name) ? t(`security.scope.resource.${name}`) : name),
    verb: (name: string) => (isVerb(name) ? t(`security.scope.verb.${name}`) : name),
  };
}
