/** Places popover menus next to their button and lets the arrows walk them. Opening and closing is the browser's. */

const ETROIT = matchMedia("(width < 52rem)");

/** @param {HTMLElement} menu @param {HTMLElement} bouton */
function placer(menu, bouton) {
  menu.style.inset = "";
  if (ETROIT.matches) return; // a sheet at the bottom: the style sheet does it
  const b = bouton.getBoundingClientRect(), m = menu.getBoundingClientRect(), marge = 8;
  const gauche = b.left + m.width + marge > innerWidth ? b.right - m.width : b.left;
  const dessous = b.bottom + 6 + m.height < innerHeight;
  menu.style.inset = `${dessous ? b.bottom + 6 : Math.max(marge, b.top - m.height - 6)}px auto auto ${Math.max(marge, gauche)}px`;
}

/** @param {KeyboardEvent} e */
function marcher(e) {
  const sens = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[e.key];
  if (!sens) return;
  const menu = /** @type {HTMLElement} */ (e.currentTarget);
  const choix = [...menu.querySelectorAll("a[href], button")];
  const ici = choix.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  choix[Math.min(choix.length - 1, Math.max(0, ici + sens))]?.focus();
  e.preventDefault();
}

export function menus() {
  for (const menu of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".menu[popover]"))) {
    const boutons = [...document.querySelectorAll(`[popovertarget="${menu.id}"]`)];
    menu.addEventListener("toggle", (e) => {
      const ouvert = /** @type {ToggleEvent} */ (e).newState === "open";
      for (const b of boutons) b.setAttribute("aria-expanded", String(ouvert));
      const bouton = boutons.find((b) => b.getClientRects().length);
      if (!ouvert || !bouton) return;
      placer(menu, /** @type {HTMLElement} */ (bouton));
      /** @type {HTMLElement | null} */ (menu.querySelector("a[href], button"))?.focus({ preventScroll: true });
    });
    menu.addEventListener("keydown", marcher);
  }
}
