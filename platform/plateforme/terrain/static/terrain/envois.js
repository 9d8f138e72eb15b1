/**
 * What the worker did, kept on this phone until the service has answered for it.
 *
 * Each event is written first, sealed with a key of this device that no script can read (AES-GCM, non-extractable), then
 * sent in order; it leaves only on an explicit verdict. An answer lost on the way means one more sending: the server
 * recognises the id. Another account signed in on this phone never sends the first one's events.
 */

const BASE = "treille-terrain";
const PERIODE_MS = 15_000;
const LOT = 200;
const enc = new TextEncoder(), dec = new TextDecoder();

/** @typedef {{ id: string, genre: string, appareil_a: string, donnees: Record<string, any> }} Evenement */
/** @typedef {{ cle: number, compte: string, refuse: string, evenement: Evenement }} Garde */
/** @typedef {{ id: string, verdict: string, code: string, phrase: string }} VerdictRecu */

/** @type {Promise<IDBDatabase> | null} */
let base = null;
const ouvrir = () => base ??= new Promise((ok, ko) => {
  const r = indexedDB.open(BASE, 1);
  r.onupgradeneeded = () => { r.result.createObjectStore("meta"); r.result.createObjectStore("boite", { autoIncrement: true }); };
  r.onsuccess = () => { r.result.onversionchange = () => { r.result.close(); base = null; }; ok(r.result); };
  r.onerror = () => { base = null; ko(r.error); };
});

/** One transaction; resolves once it is on the disk. @param {string} magasin @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => any} f */
async function tx(magasin, mode, f) {
  const t = (await ouvrir()).transaction(magasin, mode, { durability: "strict" });
  return new Promise((ok, ko) => {
    const r = f(t.objectStore(magasin));
    t.oncomplete = () => ok(r?.result);
    t.onerror = t.onabort = () => ko(t.error);
  });
}

/** @type {Promise<CryptoKey> | null} */
let cleAppareil = null;
const cle = () => cleAppareil ??= (async () => {
  const connue = await tx("meta", "readonly", (s) => s.get("cle"));
  if (connue) return connue;
  const neuve = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await tx("meta", "readwrite", (s) => { const r = s.add(neuve, "cle"); r.onerror = (e) => { e.preventDefault(); e.stopPropagation(); }; }); // another tab was first
  return tx("meta", "readonly", (s) => s.get("cle"));
})();

/** @param {Evenement} valeur */
async function sceller(valeur) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, ct: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cle(), enc.encode(JSON.stringify(valeur))) };
}

/** @param {{ iv: BufferSource, ct: BufferSource }} scelle @returns {Promise<Evenement>} */
const desceller = async ({ iv, ct }) => JSON.parse(dec.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await cle(), ct)));

class Envois extends EventTarget {
  /** Where things stand: "a_jour", "en_attente", "hors_ligne", "session", "autre", "erreur". */
  etat = navigator.onLine ? "a_jour" : "hors_ligne";
  nombre = 0;
  autres = 0;
  #encore = false;
  #enCours = false;

  get compte() { return document.body.dataset.compte ?? ""; }

  /**
   * Keeps events together, then tries to send. Resolves once they are on the disk, network or not.
   * @param {{ genre: string, donnees: Record<string, any>, appareil_a?: string }[]} faits
   */
  async ajouter(...faits) {
    const evenements = faits.map(({ genre, donnees, appareil_a }) => ({ id: crypto.randomUUID(), genre, appareil_a: appareil_a ?? new Date().toISOString(), donnees }));
    const scelles = await Promise.all(evenements.map(sceller));
    const compte = this.compte;
    await tx("boite", "readwrite", (s) => { for (const scelle of scelles) s.add({ compte, ...scelle }); });
    await this.#dire(this.etat === "a_jour" ? "en_attente" : this.etat);
    this.envoyer();
    return evenements;
  }

  /** Everything kept, oldest first. @returns {Promise<Garde[]>} */
  async lire() {
    const [cles, lignes] = await Promise.all([tx("boite", "readonly", (s) => s.getAllKeys()), tx("boite", "readonly", (s) => s.getAll())]);
    return Promise.all(lignes.map(async (/** @type {any} */ l, /** @type {number} */ i) => ({ cle: cles[i], compte: l.compte, refuse: l.refuse ?? "", evenement: await desceller(l) })));
  }

  /** @param {number} numero */
  async oublier(numero) { await tx("boite", "readwrite", (s) => s.delete(numero)); await this.#dire(this.etat); }

  async envoyer() {
    this.#encore = true;
    if (this.#enCours) return;
    this.#enCours = true;
    try {
      while (this.#encore) {
        this.#encore = false;
        await navigator.locks.request("treille-envois", () => this.#vider());
      }
    } finally { this.#enCours = false; }
  }

  async #vider() {
    let taille = LOT;
    for (;;) {
      const tous = await this.lire();
      const lot = tous.filter((g) => g.compte === this.compte && !g.refuse).slice(0, taille);
      if (!lot.length) return this.#dire(tous.some((g) => g.compte !== this.compte) ? "autre" : navigator.onLine ? "a_jour" : "hors_ligne");
      const reponse = await this.#poster(lot).catch(() => null);
      if (!reponse) return this.#dire("hors_ligne");
      if (reponse.status === 413 && taille > 1) { taille = Math.max(1, Math.floor(Math.min(taille, lot.length) / 2)); continue; }
      if (reponse.status === 401) return this.#dire("session");
      if (reponse.status === 403 || reponse.status === 409) return this.#dire("autre");
      if (!reponse.ok) return this.#dire("erreur");
      const corps = await reponse.json().catch(() => null);
      if (!corps) return this.#dire("hors_ligne"); // cut in the middle of the answer: sent again later
      if (!(await this.#ranger(lot, corps.resultats))) return this.#dire("erreur");
    }
  }

  /** @param {Garde[]} lot */
  async #poster(lot) {
    // One call tells the account, the CSRF token and whether the session lives.
    const s = await fetch("/api/v1/session", { cache: "no-store", headers: { Accept: "application/json" } });
    if (!s.ok) return s;
    const { compte, csrf } = await s.json();
    if (compte !== this.compte) return new Response(null, { status: 409 });
    return fetch("/api/v1/terrain/evenements", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ envoye_a: new Date().toISOString(), compte, evenements: lot.map((g) => g.evenement) }),
    });
  }

  /** Deletes what has a verdict; a refused one stays to be seen. @param {Garde[]} lot @param {VerdictRecu[]} resultats */
  async #ranger(lot, resultats) {
    const verdicts = new Map(resultats.map((v) => [v.id, v]));
    let ranges = 0;
    for (const garde of lot) {
      const v = verdicts.get(garde.evenement.id);
      if (!v) continue;
      ranges += 1;
      if (v.verdict === "refuse") await tx("boite", "readwrite", (s) => { const r = s.get(garde.cle); r.onsuccess = () => s.put({ ...r.result, refuse: v.phrase }, garde.cle); });
      else await tx("boite", "readwrite", (s) => s.delete(garde.cle));
      this.dispatchEvent(new CustomEvent("verdict", { detail: { ...v, evenement: garde.evenement } }));
    }
    return ranges;
  }

  /** @param {string} etat */
  async #dire(etat) {
    const lignes = await tx("boite", "readonly", (s) => s.getAll());
    this.nombre = lignes.filter((/** @type {any} */ l) => l.compte === this.compte).length;
    this.autres = lignes.length - this.nombre;
    this.etat = etat === "en_attente" && !this.nombre ? "a_jour" : etat;
    this.dispatchEvent(new CustomEvent("etat", { detail: { etat: this.etat, nombre: this.nombre, autres: this.autres } }));
  }

  demarrer() {
    addEventListener("online", () => this.envoyer());
    addEventListener("offline", () => this.#dire("hors_ligne"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.envoyer(); });
    setInterval(() => { if (this.nombre || this.etat !== "a_jour") this.envoyer(); }, PERIODE_MS);
    return this.envoyer();
  }
}

export const envois = new Envois();
