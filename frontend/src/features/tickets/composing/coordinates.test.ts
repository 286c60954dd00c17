import { expect, test } from "vitest";
import { coordinatesIn } from "./coordinates";

const SAO_PAULO = { latitude: -23.5505, longitude: -46.6333 };

test.each([
  ["-23.5505, -46.6333", SAO_PAULO],
  ["-23.5505,-46.6333", SAO_PAULO],
  ["-23.5505 -46.6333", SAO_PAULO],
  ["-23,5505; -46,6333", SAO_PAULO],
  ["-23,5505 -46,6333", SAO_PAULO],
  ["10, 20", { latitude: 10, longitude: 20 }],
  ["https://www.google.com/maps/place/Loja/@-23.5505,-46.6333,17z/data=x", SAO_PAULO],
  ["https://maps.google.com/?q=-23.5505,-46.6333", SAO_PAULO],
  ["https://www.openstreetmap.org/?mlat=-23.5505&mlon=-46.6333#map=16/-23.5/-46.6", SAO_PAULO],
  ["-23,5505", null],
  ["91, 20", null],
  ["10, 181", null],
  ["Rua Augusta, 100", null],
  ["", null],
])("%s", (text, coordinates) => {
  expect(coordinatesIn(text)).toEqual(coordinates);
});
