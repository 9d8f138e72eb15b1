/** Keeps marked zones fresh, every 30 s while the page is seen, without moving what a person points at or types in. */

const PERIODE_MS = 30_000;

/** @param {Element} zone */
const occupee = (zone) => zone.matches(":hover") || zone.contains(document.activeElement) || zone.querySelector(".tenu, dialog[open], :popover-open") !== null;

/**
 * Markup: `<section id="…" data-rafraichir="/adresse" data-annonce="6 situations à traiter">`; the answer is the same
 * element. `data-annonce` is spoken when it changed. A 204 leaves the zone as it is.
 * @param {{ dire: (texte: string) => void, perdu: () => void, armer: (ou: ParentNode) => void }} outils
 */
export function rafraichir({ dire, perdu, armer }) {
  let arretee = false;

  /** @param {HTMLElement} zone */
  async function une(zone) {
    if (occupee(zone)) return;
    // `X-Rafraichissement`: the server must not take this for somebody's activity.
    const r = await fetch(zone.dataset.rafraichir ?? "", { headers: { "HX-Request": "true", "X-Rafraichissement": "1" } });
    if (r.redirected || r.headers.get("HX-Redirect")) { arretee = true; perdu(); return; }
    if (!r.ok || r.status === 204) return;
    const neuve = new DOMParser().parseFromString(await r.text(), "text/html").body.firstElementChild;
    if (!(neuve instanceof HTMLElement) || neuve.id !== zone.id || neuve.isEqualNode(zone) || occupee(zone) || !zone.isConnected) return;
    zone.replaceWith(neuve);
    Reflect.get(window, "htmx")?.process(neuve);
    armer(neuve);
    if (neuve.dataset.annonce && neuve.dataset.annonce !== zone.dataset.annonce) dire(neuve.dataset.annonce);
  }

  async function toutes() {
    if (arretee || document.visibilityState !== "visible" || document.querySelector("dialog[open]")) return;
    for (const zone of document.querySelectorAll("[data-rafraichir]")) {
      await une(/** @type {HTMLElement} */ (zone)).catch(() => {}); // no network: next time
      if (arretee) return;
    }
  }

  setInterval(toutes, PERIODE_MS);
  document.addEventListener("visibilitychange", toutes);
}
