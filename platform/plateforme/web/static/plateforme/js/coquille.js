/** Starts the shell. Each module has one task and one export; none is needed to read or to send a form. */
import { annonces } from "./annonces.js";
import { menus } from "./menu.js";
import { palette } from "./palette.js";
import { rafraichir } from "./rafraichir.js";
import { theme } from "./theme.js";

annonces.ecouter();
menus();
palette(document.querySelector("#palette"));
theme(annonces.dire);

/** A frieze that has just been drawn, by the page or by its refresh, takes the mouse and the keys. @param {ParentNode} ou */
function armer(ou) {
  for (const frise of ou.querySelectorAll(".frise[data-deplacer]:not([data-prete])")) import("./planning.js").then(({ planning }) => planning(frise, annonces));
}
armer(document);
// The button that was pressed may have gone with what it changed: the keyboard goes on from there, not from the top.
document.body.addEventListener("htmx:afterSettle", (e) => {
  const { elt } = /** @type {CustomEvent} */ (e).detail;
  if (document.activeElement !== document.body || !(elt instanceof HTMLElement) || !elt.isConnected) return;
  elt.tabIndex = -1;
  elt.focus({ preventScroll: true });
});
rafraichir({ dire: annonces.dire, perdu: annonces.sessionPerdue, armer });
