// Those of Meta's list that are written most; a template of another language keeps its own.
const codes = ["pt_BR", "en", "en_US", "en_GB", "es", "es_AR", "es_ES", "es_MX", "pt_PT", "fr", "de", "it", "nl", "ja", "zh_CN", "zh_HK", "zh_TW", "ko", "ar", "he", "hi", "id", "pl", "ro", "ru", "sv", "tr", "uk", "vi"];

export function languages(locale: string, own: string) {
  const names = new Intl.DisplayNames([locale], { type: "language" });
  return (codes.includes(own) ? codes : [own, ...codes]).map((code) => ({ value: code, label: `${nameOf(names, code)} · ${code}` }));
}

export const languageName = (locale: string, code: string) => nameOf(new Intl.DisplayNames([locale], { type: "language" }), code);

function nameOf(names: Intl.DisplayNames, code: string) {
  try {
    const name = names.of(code.replace("_", "-")) ?? code;
    return name.charAt(0).toUpperCase() + name.slice(1);
  } catch {
    return code; // not a language code
  }
}
