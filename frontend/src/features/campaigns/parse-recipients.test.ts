import { expect, test } from "vitest";
import { parseRecipients, recipientsText } from "./parse-recipients";

test("numbers one a line, several in a line, and with names", () => {
  expect(parseRecipients("11 98765-0001\n\n+55 11 98765-0002; Zé\n1198765-0003, 1198765-0004")).toEqual([
    { number: "11 98765-0001", name: "" },
    { number: "+55 11 98765-0002", name: "Zé" },
    { number: "1198765-0003" },
    { number: "1198765-0004" },
  ]);
});

test("with a heading, other columns are variables", () => {
  expect(parseRecipients('\ufeffNome,Telefone,code\r\n"Souza, Ana",11987650001,A-1\nBia,11987650002,\r\n')).toEqual([
    { number: "11987650001", name: "Souza, Ana", variables: { code: "A-1" } },
    { number: "11987650002", name: "Bia", variables: {} },
  ]);
});

test("what was stored can be pasted again", () => {
  const stored: Parameters<typeof recipientsText>[0] = [
    { address: "+5511987650001", contact_name: 'Ana "Nina"; Souza', variables: { code: "A" } },
    { address: "+5511987650002", contact_name: "+5511987650002", variables: {} },
  ];

  expect(parseRecipients(recipientsText(stored))).toEqual([
    { number: "+5511987650001", name: 'Ana "Nina"; Souza', variables: { code: "A" } },
    { number: "+5511987650002", name: "", variables: {} },
  ]);
});
