export type Coordinates = { latitude: number; longitude: number };

const NUMBER = String.raw`(-?\d{1,3}(?:[.,]\d+)?)`;
const PATTERNS = [
  new RegExp(String.raw`@${NUMBER},${NUMBER}`), // Google Maps
  new RegExp(String.raw`[?&](?:q|ll|query|center)=${NUMBER}(?:,|%2C)${NUMBER}`, "i"),
  new RegExp(String.raw`mlat=${NUMBER}&mlon=${NUMBER}`),
  new RegExp(String.raw`^\s*${NUMBER}\s*(?:[;/]|,\s|,(?=-|\d+\.)|\s)\s*${NUMBER}\s*$`),
];

const number = (text: string | undefined) => Number((text ?? "").replace(",", "."));

/** Coordinates as people have them: "-23.5505, -46.6333", with decimal commas "-23,5505; -46,6333", or a link of a map. */
export function coordinatesIn(text: string): Coordinates | null {
  const found = PATTERNS.map((pattern) => pattern.exec(text)).find(Boolean);
  if (!found) return null;
  const [latitude, longitude] = [number(found[1]), number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
