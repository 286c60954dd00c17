import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "@/locales/en";

export type Locale = "en" | "pt-BR";

const STORED = "recado.locale";

export async function setLocale(locale: Locale) {
  if (locale === "pt-BR" && !i18next.hasResourceBundle(locale, "translation")) {
    i18next.addResourceBundle(locale, "translation", (await import("@/locales/pt-BR")).default);
  }
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
}

/** The choice of a person at this browser; it outranks the profile and the browser's language. */
export async function chooseLocale(locale: Locale) {
  localStorage.setItem(STORED, locale);
  await setLocale(locale);
}

const localeOf = (language: string): Locale => (language.toLowerCase().startsWith("pt") ? "pt-BR" : "en");

/** After login: the profile's language, unless this browser has its own choice. */
export async function followProfile(language: string | undefined) {
  if (language && !localStorage.getItem(STORED)) await setLocale(localeOf(language));
}

export async function startI18n() {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await setLocale(localeOf(localStorage.getItem(STORED) ?? navigator.language));
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
