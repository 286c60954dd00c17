import type { Schemas } from "@/api/client";

type Row = Schemas["InlineRecipientRequest"];

const NUMBER = new Set(["number", "phone", "whatsapp", "numero", "número", "telefone", "celular", "fone"]);
const NAME = new Set(["name", "nome"]);
const BYTE_ORDER_MARK = 0xfeff;

/** One line of CSV: cells may stand in quotes, in which two of them mean one. */
function cellsOf(line: string, delimiter: string) {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let place = 0; place < line.length; place++) {
    const character = line[place];
    if (character === '"' && isQuoted && line[place + 1] === '"') {
      cell += '"';
      place++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

const delimiterOf = (line: string) => [";", "\t", ","].find((candidate) => line.includes(candidate)) ?? ";";

/**
 * Numbers as people paste them: one a line, or several with commas; with a heading, or `number;name`. Columns with other headings are variables.
 */
export function parseRecipients(text: string): Row[] {
  const clean = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  const lines = clean.split(/\r?\n/).filter((line) => line.trim());
  const [first = ""] = lines;
  const delimiter = delimiterOf(first);
  const heading = cellsOf(first, delimiter).map((cell) => cell.toLowerCase());
  if (!heading.some((cell) => NUMBER.has(cell))) return lines.flatMap(withoutHeading);
  const names = cellsOf(first, delimiter);
  return lines.slice(1).map((line) => {
    const row: Row = { number: "", name: "", variables: {} };
    cellsOf(line, delimiter).forEach((cell, place) => {
      const column = heading[place] ?? "";
      if (NUMBER.has(column)) row.number = cell;
      else if (NAME.has(column)) row.name = cell;
      else if (names[place] && cell) row.variables = { ...row.variables, [names[place]]: cell };
    });
    return row;
  });
}

const looksLikeNumber = (cell: string) => /^[+\d()\s.-]{6,}$/.test(cell);

function withoutHeading(line: string): Row[] {
  const cells = cellsOf(line, delimiterOf(line));
  if (cells.length > 1 && cells.every((cell) => !cell || looksLikeNumber(cell))) return cells.filter(Boolean).map((number) => ({ number }));
  const [number = "", name = ""] = cells;
  return [{ number, name }];
}

const quoted = (cell: string) => (/[";\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The way back: what was stored, as one would paste it. */
export function recipientsText(rows: { address: string; contact_name: string; variables: Record<string, string> }[]) {
  if (!rows.length) return "";
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.variables)))];
  const lines = rows.map((row) => [row.address, row.contact_name === row.address ? "" : row.contact_name, ...names.map((name) => row.variables[name] ?? "")].map(quoted).join(";"));
  return [["number", "name", ...names].map(quoted).join(";"), ...lines].join("\n");
}
