import { setNonce } from "get-nonce";

/** The request's nonce, from our own script tag: browsers hide it from markup but not from the property. */
export const cspNonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

// Modal and Drawer lock scrolling through react-remove-scroll, which asks get-nonce and not Mantine.
if (cspNonce) setNonce(cspNonce);
