/**
 * Turns a long select into a combobox one types in (ARIA 1.2, list autocomplete). Without this script, or on a phone, the
 * select itself does the work: `<div data-recherche="Chercher un usager"><div class="champ"><select>…`.
 */

/** @param {string} texte */
const cle = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {HTMLElement} boite */
function combobox(boite) {
  const select = boite.querySelector("select");
  const etiquette = boite.querySelector("label");
  if (!select || !etiquette || select.options.length < 8) return;
  const cadre = document.createElement("div"), liste = document.createElement("ul"), saisie = document.createElement("input");
  cadre.className = "combobox";
  Object.assign(saisie, { type: "text", autocomplete: "off", id: `${select.id}_saisie`, placeholder: boite.dataset.recherche ?? "" });
  liste.id = `${select.id}_liste`;
  liste.hidden = true;
  for (const [nom, valeur] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": liste.id, "aria-autocomplete": "list" })) saisie.setAttribute(nom, valeur);
  for (const nom of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(nom)) saisie.setAttribute(nom, select.getAttribute(nom) ?? "");
  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", etiquette.textContent ?? "");
  select.before(cadre);
  cadre.append(saisie, liste);
  select.hidden = true;
  etiquette.htmlFor = saisie.id;
  let actif = -1;
  const choisi = () => select.selectedOptions[0]?.textContent?.trim() ?? "";
  const remettre = () => { saisie.value = select.value ? choisi() : ""; };
  remettre();

  const fermer = () => { liste.hidden = true; saisie.setAttribute("aria-expanded", "false"); saisie.removeAttribute("aria-activedescendant"); actif = -1; };
  /** @param {HTMLElement} option */
  const prendre = (option) => { select.value = option.dataset.valeur ?? ""; select.dispatchEvent(new Event("change", { bubbles: true })); remettre(); fermer(); };
  const montrer = () => {
    const mots = cle(saisie.value).split(/\s+/).filter(Boolean);
    const trouves = [...select.options].filter((o) => mots.every((m) => cle(o.text).split(/[\s'-]+/).some((d) => d.startsWith(m)))).slice(0, 50);
    liste.replaceChildren(...trouves.map((o, i) => {
      const li = Object.assign(document.createElement("li"), { id: `${liste.id}_${i}`, textContent: o.text });
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", "false");
      li.dataset.valeur = o.value;
      return li;
    }));
    if (!trouves.length) { const rien = Object.assign(document.createElement("li"), { className: "aucun", textContent: "Personne ne correspond." }); rien.setAttribute("role", "presentation"); liste.append(rien); }
    liste.hidden = false;
    saisie.setAttribute("aria-expanded", "true");
    actif = -1;
  };
  /** @param {number} sens */
  const bouger = (sens) => {
    if (liste.hidden) montrer();
    const options = /** @type {HTMLElement[]} */ ([...liste.querySelectorAll("[role=option]")]);
    if (!options.length) return;
    actif = (actif + sens + options.length) % options.length;
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === actif)));
    saisie.setAttribute("aria-activedescendant", options[actif].id);
    options[actif].scrollIntoView({ block: "nearest" });
  };
  saisie.addEventListener("input", montrer);
  saisie.addEventListener("click", () => { saisie.select(); montrer(); });
  saisie.addEventListener("keydown", (e) => {
    const options = /** @type {HTMLElement[]} */ ([...liste.querySelectorAll("[role=option]")]);
    if (e.key === "ArrowDown") bouger(1);
    else if (e.key === "ArrowUp") bouger(-1);
    else if (e.key === "Enter" && !liste.hidden && (actif >= 0 || options.length === 1)) prendre(options[Math.max(0, actif)]);
    else if (e.key === "Escape" && !liste.hidden) { remettre(); fermer(); }
    else return;
    e.preventDefault();
  });
  saisie.addEventListener("blur", () => setTimeout(() => {
    if (!saisie.value.trim()) select.value = "";
    remettre();
    fermer();
  }, 150));
  liste.addEventListener("mousedown", (e) => { e.preventDefault(); const o = e.target instanceof Element && e.target.closest("[role=option]"); if (o instanceof HTMLElement) prendre(o); });
}

for (const boite of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-recherche]"))) combobox(boite);
