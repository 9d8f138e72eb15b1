// The certified OpenID provider, dressed as Pro Santé Connect. Configuration: one JSON object in PAIR_OIDC.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { FAUTES_DE_DECOUVERTE, FAUTES_DE_USERINFO, FAUTES_DU_JETON, PANNES, fautesDesJetons } from './fautes.mjs';

const { port, clients, personnes } = JSON.parse(process.env.PAIR_OIDC);
const RACINE = `http://127.0.0.1:${port}`;
const PREFIXE = '/auth/realms/esante-wallet';
const PROTOCOLE = '/protocol/openid-connect';
const ISSUER = `${RACINE}${PREFIXE}`;
const KID = 'psc-essai-1';
const REVENDICATIONS = ['preferred_username', 'given_name', 'family_name', 'SubjectNameID', 'SubjectRole', 'SubjectRefPro',
  'Secteur_Activite', 'Palier_Authentification', 'otherIds', 'codeCivilite', 'PSI_Locale', 'SubjectOrganization',
  'SubjectOrganizationID', 'Mode_Acces_Raison', 'Acces_Regulation_Medicale', 'UITVersion', 'email_verified'];

const paire = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [laNotre, etrangere] = [paire(), paire()];
const jwk = { ...laNotre.privateKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };
const jwkPublique = { ...laNotre.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };
const falsifier = fautesDesJetons({
  cle: laNotre.privateKey, cleEtrangere: etrangere.privateKey, kid: KID, jwkPublique, secret: clients[0].client_secret,
});
// What the tests ask of this server, through the control address.
const BON = { faute: '', acr: 'eidas3', amr: ['hwk', 'mfa'] };
let controle = { ...BON, decalage: 0 };
// The tests move our clock; the provider's follows.
const horloge = Date.now;
Date.now = () => horloge() + controle.decalage * 1000;
const vus = {};

const parSujet = new Map(personnes.map((p) => [p.sub, p]));
const provider = new Provider(ISSUER, {
  clients: clients.map((c) => ({
    token_endpoint_auth_method: 'client_secret_basic', grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'], backchannel_logout_session_required: true, ...c,
  })),
  jwks: { keys: [jwk] },
  cookies: { keys: [randomUUID()] },
  acrValues: ['eidas1', 'eidas2', 'eidas3'],
  scopes: ['openid', 'scope_all', 'profile'],
  claims: { acr: null, sid: null, auth_time: null, iss: null, openid: ['sub', 'amr'], scope_all: REVENDICATIONS, profile: ['given_name', 'family_name', 'preferred_username'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  // The product it calls back is on this machine: the check against private addresses goes.
  fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 60, IdToken: 60, AuthorizationCode: 60, RefreshToken: 3600, Session: 14400, Grant: 14400, Interaction: 600 },
  routes: {
    authorization: `${PROTOCOLE}/auth`, token: `${PROTOCOLE}/token`, userinfo: `${PROTOCOLE}/userinfo`,
    jwks: `${PROTOCOLE}/certs`, end_session: `${PROTOCOLE}/logout`, introspection: `${PROTOCOLE}/token/introspect`,
  },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (ctx, form) => {
        ctx.body = `<!doctype html><html lang="fr"><link rel="icon" href="data:,"><title>Déconnexion</title><h1>Fermer la session ?</h1>${form}
          <button type="submit" form="op.logoutForm" name="logout" value="yes" id="oui">Oui</button></html>`;
      },
    },
  },
  interactions: { url: (_ctx, interaction) => `${PREFIXE}/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => (parSujet.has(sub) ? { accountId: sub, claims: () => parSujet.get(sub) } : undefined),
  loadExistingGrant: async (ctx) => {
    const connu = ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
    if (connu) return ctx.oidc.provider.Grant.find(connu);
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid scope_all profile');
    await grant.save();
    return grant;
  },
});
provider.on('server_error', (_ctx, erreur) => console.error(erreur));
provider.on('backchannel.error', (_ctx, erreur) => console.error(erreur));

const servir = provider.callback();

async function corpsDe(req) {
  const morceaux = [];
  for await (const morceau of req) morceaux.push(morceau);
  return Buffer.concat(morceaux).toString();
}

function repondre(res, statut, corps) {
  res.writeHead(statut, { 'content-type': 'application/json' });
  res.end(JSON.stringify(corps));
}

// Ours: how the tests speak to this server.
async function controler(req, res, chemin) {
  if (chemin === '/_controle/vus') return repondre(res, 200, vus);
  const demande = JSON.parse((await corpsDe(req)) || '{}');
  if (chemin === '/_controle/ordre') {
    const instant = Math.floor(Date.now() / 1000);
    const bon = {
      iss: ISSUER, aud: clients[0].client_id, iat: instant, exp: instant + 120, jti: randomUUID(),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    };
    const avec = demande.cleEtrangere ? etrangere.privateKey : laNotre.privateKey;
    const lu = Object.fromEntries(Object.entries({ ...bon, ...demande.contenu }).filter(([, v]) => v !== null));
    const jeton = await new SignJWT(lu).setProtectedHeader({ alg: 'RS256', kid: KID, typ: 'logout+jwt' }).sign(avec);
    return repondre(res, 200, { jeton });
  }
  controle = { ...BON, decalage: controle.decalage, ...demande };
  return repondre(res, 200, controle);
}

// Where one says who one is: links, so that a person and a test do the same thing.
async function choisir(req, res, adresse) {
  const sub = adresse.searchParams.get('sub');
  if (!sub) {
    const lignes = personnes.map((p) => `<li><a href="?sub=${encodeURIComponent(p.sub)}">${p.given_name} ${p.family_name}</a></li>`);
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    return res.end(`<!doctype html><html lang="fr"><link rel="icon" href="data:,"><title>e-CPS d’essai</title><h1>Qui êtes-vous ?</h1><ul>${lignes.join('')}</ul></html>`);
  }
  return provider.interactionFinished(req, res, {
    login: { accountId: sub, acr: controle.acr, amr: controle.amr, remember: true },
  });
}

const LIEUX = [
  ['decouverte', '/.well-known/wallet-openid-configuration'], ['jeton', `${PROTOCOLE}/token`],
  ['userinfo', `${PROTOCOLE}/userinfo`], ['cles', `${PROTOCOLE}/certs`], ['autorisation', `${PROTOCOLE}/auth`],
];

async function transformer(lieu, brut) {
  const { faute } = controle;
  let corps = JSON.parse(brut);
  if (lieu === 'decouverte' && FAUTES_DE_DECOUVERTE[faute]) corps = FAUTES_DE_DECOUVERTE[faute](corps);
  if (lieu === 'userinfo' && FAUTES_DE_USERINFO[faute]) corps = FAUTES_DE_USERINFO[faute](corps);
  if (lieu === 'jeton') {
    if (corps.id_token) corps.id_token = await falsifier(faute, corps.id_token);
    if (FAUTES_DU_JETON[faute]) corps = FAUTES_DU_JETON[faute](corps);
  }
  if (lieu === 'cles' && faute === 'cles-vides') corps = { keys: [] };
  return JSON.stringify(corps);
}

// The provider writes its answer; what leaves is the transformed one.
function detourner(res, lieu) {
  const finir = res.end.bind(res);
  res.end = (brut) => {
    const texte = brut ? brut.toString() : '';
    transformer(lieu, texte).catch(() => texte).then((corps) => {
      res.setHeader('content-length', Buffer.byteLength(corps));
      finir(corps);
    });
    return res;
  };
}

createServer(async (req, res) => {
  try {
    const adresse = new URL(req.url, RACINE);
    const chemin = adresse.pathname;
    if (chemin.startsWith('/_controle')) return await controler(req, res, chemin);
    if (!chemin.startsWith(PREFIXE)) { res.writeHead(404); return res.end(); }
    if (chemin.startsWith(`${PREFIXE}/interaction/`)) return await choisir(req, res, adresse);
    const [lieu] = LIEUX.find(([, fin]) => chemin === PREFIXE + fin) ?? [''];
    // Pro Santé Connect publishes under its own name only.
    if (chemin === `${PREFIXE}/.well-known/openid-configuration`) { res.writeHead(404); return res.end(); }
    if (lieu) {
      vus[lieu] = (vus[lieu] ?? 0) + 1;
      const panne = PANNES[controle.faute.startsWith(`${lieu}-`) ? controle.faute.slice(lieu.length + 1) : ''];
      if (panne) return panne(res);
      if (lieu !== 'autorisation') detourner(res, lieu);
    }
    req.originalUrl = req.url.replace('wallet-openid-configuration', 'openid-configuration');
    req.url = req.originalUrl.slice(PREFIXE.length);
    return servir(req, res);
  } catch (erreur) {
    console.error(erreur);
    res.writeHead(500);
    return res.end();
  }
}).listen(port, '127.0.0.1', () => console.log('PRÊT'));
