// Bad answers, made from the good one the provider has just given.
import { createPublicKey, randomUUID } from 'node:crypto';
import { SignJWT, base64url, decodeJwt } from 'jose';

const AUTRE_CLIENT = 'un-autre-client';

export function fautesDesJetons({ cle, cleEtrangere, kid, jwkPublique, secret }) {
  const signer = (lu, { avec = cle, entete = {} } = {}) =>
    new SignJWT(lu).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...entete }).sign(avec);
  const nu = (entete, lu) => `${base64url.encode(JSON.stringify(entete))}.${base64url.encode(JSON.stringify(lu))}.`;
  const sans = (lu, nom) => { const { [nom]: _, ...reste } = lu; return reste; };
  const instant = () => Math.floor(Date.now() / 1000);
  const pem = createPublicKey({ key: jwkPublique, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hmac = (lu, octets) =>
    new SignJWT(lu).setProtectedHeader({ alg: 'HS256', kid, typ: 'JWT' }).sign(new TextEncoder().encode(octets));

  const sur = {
    'alg-none': (lu) => nu({ alg: 'none', typ: 'JWT' }, lu),
    'hs256-cle-publique': (lu) => hmac(lu, pem),
    'hs256-secret': (lu) => hmac(lu, secret),
    'autre-aud': (lu) => signer({ ...lu, aud: AUTRE_CLIENT }),
    'aud-multiple': (lu) => signer({ ...lu, aud: [lu.aud, AUTRE_CLIENT], azp: lu.aud }),
    'aud-multiple-azp-autre': (lu) => signer({ ...lu, aud: [lu.aud, AUTRE_CLIENT], azp: AUTRE_CLIENT }),
    'azp-autre': (lu) => signer({ ...lu, azp: AUTRE_CLIENT }),
    'autre-iss': (lu) => signer({ ...lu, iss: `${lu.iss}/` }),
    'autre-nonce': (lu) => signer({ ...lu, nonce: randomUUID() }),
    'sans-nonce': (lu) => signer(sans(lu, 'nonce')),
    expire: (lu) => signer({ ...lu, iat: instant() - 120, exp: instant() - 60 }),
    'sans-exp': (lu) => signer(sans(lu, 'exp')),
    'iat-futur': (lu) => signer({ ...lu, iat: instant() + 3600, exp: instant() + 7200 }),
    'iat-ancien': (lu) => signer({ ...lu, iat: instant() - 86400 }),
    'cle-inconnue': (lu) => signer(lu, { avec: cleEtrangere, entete: { kid: 'cle-jamais-publiee' } }),
    'meme-kid-autre-cle': (lu) => signer(lu, { avec: cleEtrangere }),
    'sans-kid': (lu) => signer(lu, { entete: { kid: undefined } }),
    'cle-dans-l-entete': (lu) => signer(lu, { avec: cleEtrangere, entete: { kid: undefined, jwk: jwkPublique } }),
    'signature-retiree': (_lu, brut) => `${brut.split('.').slice(0, 2).join('.')}.`,
    'contenu-change': (lu, brut) => {
      const [entete, , signature] = brut.split('.');
      return [entete, base64url.encode(JSON.stringify({ ...lu, acr: 'eidas3' , sub: 'f:x:899700000000' })), signature].join('.');
    },
    'acr-faible': (lu) => signer({ ...lu, acr: 'eidas0' }),
    'acr-inconnu': (lu) => signer({ ...lu, acr: 'eidas9' }),
    'sans-acr': (lu) => signer(sans(lu, 'acr')),
    'preuve-ancienne': (lu) => signer({ ...lu, auth_time: instant() - 3600 }),
    'sans-auth-time': (lu) => signer(sans(lu, 'auth_time')),
    'at-hash-faux': (lu) => signer({ ...lu, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'autre-genre': (lu) => signer(lu, { entete: { typ: 'logout+jwt' } }),
    // Near misses: good answers that look bad.
    'aud-en-liste': (lu) => signer({ ...lu, aud: [lu.aud], azp: lu.aud }),
    'acr-eidas1': (lu) => signer({ ...lu, acr: 'eidas1' }),
    'horloge-en-avance': (lu) => signer({ ...lu, iat: instant() + 20 }),
  };
  return async (faute, brut) => (sur[faute] ? sur[faute](decodeJwt(brut), brut) : brut);
}

export const FAUTES_DU_JETON = {
  'sans-id-token': (corps) => { const { id_token: _, ...reste } = corps; return reste; },
  'token-type': (corps) => ({ ...corps, token_type: 'mac' }),
  'sans-access-token': (corps) => { const { access_token: _, ...reste } = corps; return reste; },
};

export const FAUTES_DE_USERINFO = {
  'autre-sub': (corps) => ({ ...corps, sub: 'f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:899799999999' }),
  'sans-identifiant': (corps) => { const { preferred_username: _, ...reste } = corps; return reste; },
  'identifiants-discordants': (corps) => ({ ...corps, SubjectNameID: '899799999999' }),
  'identifiant-hostile': (corps) => ({ ...corps, preferred_username: "8997' OR 1=1 --", SubjectNameID: "8997' OR 1=1 --" }),
};

export const FAUTES_DE_DECOUVERTE = {
  'decouverte-autre-emetteur': (corps) => ({ ...corps, issuer: 'https://auth.exemple.test/auth/realms/esante-wallet' }),
  'decouverte-en-clair': (corps) => ({ ...corps, token_endpoint: 'http://auth.exemple.test/token' }),
  'decouverte-sans-pkce': (corps) => ({ ...corps, code_challenge_methods_supported: ['plain'] }),
};

// What breaks the transport of any answer of an endpoint: « <lieu>-<panne> ».
export const PANNES = {
  redirection: (res) => { res.writeHead(302, { location: 'http://127.0.0.1:9/ailleurs' }); res.end(); },
  enorme: (res) => { res.writeHead(200, { 'content-type': 'application/json' }); res.end(`{"x":"${'a'.repeat(2_000_000)}"}`); },
  illisible: (res) => { res.writeHead(200, { 'content-type': 'text/html' }); res.end('<html>maintenance</html>'); },
  tableau: (res) => { res.writeHead(200, { 'content-type': 'application/json' }); res.end('[1, 2]'); },
  muet: () => {},
  panne: (res) => { res.writeHead(500); res.end(); },
  refus: (res) => { res.writeHead(400, { 'content-type': 'application/json' }); res.end('{"error":"invalid_client"}'); },
};

