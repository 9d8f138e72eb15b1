/** Ctrl K: one box to reach anybody and anything. `?` lists the shortcuts; two-letter shortcuts act on the whole page. */

const ATTENTE_MS = 150;
const SUITE_MS = 900;
const TEMOIN = "treille_raccourcis";
const actifs = () => !document.cookie.includes(`${TEMOIN}=non`);
const saisit = (/** @type {EventTarget | null} */ n) => n instanceof Element && n.closest("input, select, textarea, [contenteditable]");

/** @param {HTMLDialogElement | null} dialogue */
export function palette(dialogue) {
  for (const c of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-raccourcis-actifs]"))) {
    c.checked = actifs();
    c.addEventListener("change", () => { document.cookie = `${TEMOIN}=${c.checked ? "oui" : "non"};path=/;max-age=31536000;samesite=lax`; });
  }
  if (!dialogue) return;
  const champ = /** @type {HTMLInputElement} */ (dialogue.querySelector("[role=combobox]"));
  const liste = /** @type {HTMLElement} */ (dialogue.querySelector("[role=listbox]"));
  const aide = /** @type {HTMLElement} */ (dialogue.querySelector("#palette-aide"));
  let minuterie = 0, demande = new AbortController(), premiere = "", depuis = 0;

  const options = () => [...liste.querySelectorAll("a[role=option]")];
  const choisir = (/** @type {Element | undefined} */ voulu) => {
    for (const o of options()) o.setAttribute("aria-selected", String(o === voulu));
    if (voulu) { champ.setAttribute("aria-activedescendant", voulu.id); voulu.scrollIntoView({ block: "nearest" }); }
    else champ.removeAttribute("aria-activedescendant");
  };
  const montrer = (/** @type {boolean} */ raccourcis) => { aide.hidden = !raccourcis; liste.hidden = raccourcis; };
  const chercher = async () => {
    demande.abort(); demande = new AbortController();
    try {
      const adresse = `${dialogue.dataset.adresse}?q=${encodeURIComponent(champ.value.trim())}`;
      const r = await fetch(adresse, { signal: demande.signal, redirect: "error", headers: { "HX-Request": "true" } });
      if (r.headers.get("HX-Redirect")) { location.href = r.headers.get("HX-Redirect") ?? "/"; return; }
      if (!r.ok) return;
      liste.innerHTML = await r.text();
      champ.setAttribute("aria-expanded", String(options().length > 0));
      choisir(options()[0]);
    } catch { /* typed again meanwhile, or no network: the list stays as it was */ }
  };
  const ouvrir = (raccourcis = false) => {
    if (!dialogue.open) dialogue.showModal();
    montrer(raccourcis); champ.value = ""; champ.focus();
    if (!raccourcis) chercher();
  };

  champ.addEventListener("input", () => {
    if (champ.value === "?") { montrer(true); return; }
    montrer(false); clearTimeout(minuterie); minuterie = setTimeout(chercher, ATTENTE_MS);
  });
  champ.addEventListener("keydown", (e) => {
    const toutes = options(), ici = toutes.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown") choisir(toutes[(ici + 1) % toutes.length]);
    else if (e.key === "ArrowUp") choisir(toutes[(ici - 1 + toutes.length) % toutes.length]);
    else if (e.key === "Enter") /** @type {HTMLElement | undefined} */ (toutes[ici])?.click();
    else return;
    e.preventDefault();
  });
  liste.addEventListener("click", () => dialogue.close());
  dialogue.addEventListener("click", (e) => { if (e.target === dialogue) dialogue.close(); });
  for (const b of document.querySelectorAll(`[data-ouvre="${dialogue.id}"]`)) b.addEventListener("click", () => ouvrir());

  addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); ouvrir(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || saisit(e.target) || document.querySelector("dialog[open]") || !actifs()) return;
    if (e.key === "?") { e.preventDefault(); ouvrir(true); return; }
    const suite = Date.now() - depuis < SUITE_MS ? `${premiere} ${e.key.toLowerCase()}` : "";
    premiere = e.key.toLowerCase(); depuis = Date.now();
    const lien = suite && /** @type {HTMLElement | null} */ (document.querySelector(`[data-raccourci="${CSS.escape(suite)}"]`));
    if (lien) { e.preventDefault(); depuis = 0; lien.click(); }
  });
}
