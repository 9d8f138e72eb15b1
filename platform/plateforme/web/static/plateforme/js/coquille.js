/** Starts the shell. Each module has one task and one export; none is needed to read or to send a form. */
import { annonces } from "./annonces.js";
import { menus } from "./menu.js";
import { palette } from "./palette.js";
import { rafraichir } from "./rafraichir.js";
import { theme } from "./theme.js";

annonces.ecouter();
menus();
palette(document.querySelector("#palette"));
rafraichir({ dire: annonces.dire, perdu: annonces.sessionPerdue });
theme(annonces.dire);
for (const frise of document.querySelectorAll(".frise[data-deplacer]")) {
  import("./planning.js").then(({ planning }) => planning(frise, annonces));
}
