/** Each by its own name, so that everybody finds theirs. */
export const languages = [
  { value: "en", label: "English" },
  { value: "pt-BR", label: "Português (Brasil)" },
];
