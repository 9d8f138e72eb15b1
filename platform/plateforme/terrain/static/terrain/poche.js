/** Starts the phone's shell: the pill that says where the sendings stand, « Mes envois », the sign-out. */
import { envois } from "./envois.js";
import { theme } from "../plateforme/js/theme.js";

const $ = (/** @type {string} */ s) => /** @type {HTMLElement | null} */ (document.querySelector(s));
/** @param {number} n @param {string} mot */
const compter = (n, mot) => `${n} ${mot}${n > 1 ? "s" : ""}`;
const GENRES = { "badge.debut": "Arrivée", "badge.fin": "Départ", "geste.fait": "Geste fait", "geste.non_fait": "Geste décoché", transmission: "Transmission" };

/** @param {string} texte */
export function dire(texte) {
  const region = $("#annonce");
  if (region) { region.textContent = ""; requestAnimationFrame(() => { region.textContent = texte; }); }
}

/** A sentence that stays until the next page. @param {string} texte */
export function avis(texte) {
  const boite = Object.assign(document.createElement("p"), { className: "message attention" });
  boite.append(Object.assign(document.createElement("span"), { textContent: texte }));
  if (![...($("#avis")?.children ?? [])].some((c) => c.textContent === texte)) $("#avis")?.append(boite);
  dire(texte);
}

/** @param {{ etat: string, nombre: number, autres: number }} ou */
function pastille({ etat, nombre, autres }) {
  const liaison = $("#liaison");
  if (!liaison) return;
  const gardes = nombre ? compter(nombre, "envoi") + (nombre > 1 ? " gardés" : " gardé") : "";
  const [mot, detail] = {
    a_jour: ["À jour", nombre ? gardes : "tout est envoyé"],
    en_attente: ["Envoi en cours", gardes],
    hors_ligne: ["Hors connexion", gardes || "rien en attente"],
    session: ["Reconnectez-vous", gardes],
    autre: ["Autre compte", `${compter(autres || nombre, "envoi")} gardé${(autres || nombre) > 1 ? "s" : ""}`],
    erreur: ["Service en panne", gardes],
  }[etat] ?? ["", ""];
  const calme = etat === "a_jour" || etat === "en_attente";
  liaison.classList.toggle("ok", calme);
  liaison.dataset.etat = etat;
  liaison.dataset.nombre = String(nombre);
  for (const signe of /** @type {NodeListOf<HTMLElement>} */ (liaison.querySelectorAll("[data-signe]"))) signe.hidden = (signe.dataset.signe === "ok") !== calme;
  const avant = liaison.querySelector("[data-mot]")?.textContent;
  /** @type {HTMLElement} */ (liaison.querySelector("[data-mot]")).textContent = mot;
  /** @type {HTMLElement} */ (liaison.querySelector("[data-nombre]")).textContent = detail;
  if (etat === "session") liaison.setAttribute("href", `${document.body.dataset.connexion}?expiree=1&suite=${encodeURIComponent(location.pathname)}`);
  liaison.hidden = false;
  if (avant !== mot && !calme) dire(nombre ? `${mot}. ${gardes} sur ce téléphone, ${nombre > 1 ? "ils partiront" : "il partira"} au retour du réseau.` : `${mot}.`);
}

/** Lists what waits on this phone. */
async function attente() {
  const liste = $("[data-attente]");
  if (!liste) return;
  const gardes = (await envois.lire()).filter((g) => g.compte === envois.compte);
  liste.replaceChildren(...gardes.map((g) => {
    const li = document.createElement("li"), qui = document.createElement("span");
    qui.append(Object.assign(document.createElement("strong"), { textContent: Reflect.get(GENRES, g.evenement.genre) ?? "Envoi" }),
      Object.assign(document.createElement("small"), { textContent: g.refuse || `à ${new Date(g.evenement.appareil_a).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })}` }));
    li.append(qui);
    if (g.refuse) {
      const b = Object.assign(document.createElement("button"), { type: "button", className: "bouton", textContent: "Effacer" });
      b.addEventListener("click", () => envois.oublier(g.cle));
      li.append(b);
    } else li.append(Object.assign(document.createElement("span"), { className: "etat attention", textContent: "Gardé" }));
    return li;
  }));
  const vide = $("[data-attente-vide]"), bouton = $("[data-envoyer]");
  if (vide) vide.hidden = gardes.length > 0;
  if (bouton) bouton.hidden = !gardes.some((g) => !g.refuse);
}

/** Signing out erases this phone: what still waits must leave first, or be given up in full knowledge. */
function sortie() {
  const formulaire = /** @type {HTMLFormElement | null} */ ($("form[data-deconnexion]"));
  let averti = false;
  /** The server clears the storage of this phone only when it is told to. @param {HTMLFormElement} f */
  const effacer = (f) => f.append(Object.assign(document.createElement("input"), { type: "hidden", name: "effacer", value: "oui" }));
  formulaire?.addEventListener("submit", async (e) => {
    if (averti) { effacer(formulaire); return; }
    e.preventDefault();
    await envois.envoyer();
    if (!envois.nombre && !envois.autres) { effacer(formulaire); formulaire.submit(); return; }
    averti = true;
    const n = envois.nombre + envois.autres;
    const mot = formulaire.querySelector("[data-perte-mot]"), boite = /** @type {HTMLElement | null} */ (formulaire.querySelector("[data-perte]")), bouton = formulaire.querySelector("[data-sortir]");
    if (mot) mot.textContent = n > 1 ? `${n} envois attendent le réseau. ` : "Un envoi attend le réseau. ";
    if (boite) boite.hidden = false;
    bouton?.classList.add("danger");
    const texte = bouton?.querySelector("span");
    if (texte) texte.textContent = "Effacer et me déconnecter";
  });
}

envois.addEventListener("etat", (e) => { pastille(/** @type {CustomEvent} */ (e).detail); attente(); });
envois.addEventListener("verdict", (e) => { const { phrase } = /** @type {CustomEvent} */ (e).detail; if (phrase) avis(phrase); });
$("[data-envoyer]")?.addEventListener("click", () => envois.envoyer());
theme(dire);
sortie();
if (globalThis.crypto?.subtle && globalThis.indexedDB) envois.demarrer();
else avis("Ce téléphone ne peut rien garder ici : ouvrez le service en https, hors navigation privée.");
