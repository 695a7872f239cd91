// Tokens of another implementation, good and bad, each with the verdict our verifier owes it.
//   node make_tokens.mjs FILE        jose is looked for beside this script, or in the folder JOSE_MODULES names
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const base = process.env.JOSE_MODULES ? pathToFileURL(process.env.JOSE_MODULES + "/") : import.meta.url;
const jose = await import(pathToFileURL(createRequire(base).resolve("jose")));

const now = 1900000000;
const claims = {
  iss: "https://jose.example/auth/v1",
  sub: "7d0e1d5e-8a58-4c3e-9a53-0d6f6f3b1a11",
  aud: "authenticated",
  exp: now + 3600,
  iat: now,
  email: "zoë@example.com",
  role: "authenticated",
  app_metadata: { provider: "email", providers: ["email"] },
  user_metadata: { note: "\u{1f511} \"quoted\" \\ / \n" },
};

const secret = crypto.getRandomValues(new Uint8Array(48));
const signers = { HS256: { key: secret, kid: "secret" } };
const jwks = { keys: [] };
for (const alg of ["RS256", "ES256", "EdDSA"]) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const kid = await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey));
  signers[alg] = { key: privateKey, kid, publicKey };
  jwks.keys.push({ ...(await jose.exportJWK(publicKey)), kid, alg, use: "sig", key_ops: ["verify"] });
}
// A published set may hold what we do not know.
const p384 = await jose.generateKeyPair("ES384", { extractable: true });
jwks.keys.push({ ...(await jose.exportJWK(p384.publicKey)), kid: "p384", alg: "ES384", use: "sig" });

const tokens = [];
const add = (name, token, expect, said = claims) =>
  tokens.push({ name, token, expect, ...(expect === "accepted" && { claims: said }) });
const sign = (alg, said, header = {}, key = signers[alg].key) =>
  new jose.SignJWT(said).setProtectedHeader({ alg, typ: "JWT", kid: signers[alg]?.kid, ...header }).sign(key);

for (const alg of Object.keys(signers)) {
  add(`${alg} good`, await sign(alg, claims), "accepted");
  add(`${alg} without kid`, await sign(alg, claims, { kid: undefined }), "accepted");
  add(`${alg} expired`, await sign(alg, { ...claims, exp: now }), "expired");
  add(`${alg} not yet valid`, await sign(alg, { ...claims, nbf: now + 60 }), "not_yet_valid");
  add(`${alg} of another issuer`, await sign(alg, { ...claims, iss: "https://evil.example" }), "issuer");
  add(`${alg} for another audience`, await sign(alg, { ...claims, aud: ["anon"] }), "audience");
  add(`${alg} without exp`, await sign(alg, { ...claims, exp: undefined }), "missing_expiry");
  add(`${alg} with another kid`, await sign(alg, claims, { kid: "unknown" }), "unknown_key");
}
const several = { ...claims, aud: ["web", "authenticated"] };
add("several audiences", await sign("ES256", several), "accepted", several);

for (const alg of ["RS256", "ES256", "EdDSA"]) {
  const stranger = await jose.generateKeyPair(alg);
  add(`${alg} by a stranger's key`, await sign(alg, claims, {}, stranger.privateKey), "signature");
  // Confusion: an HMAC under the published public key, in the two spellings attackers use.
  const pem = new TextEncoder().encode(await jose.exportSPKI(signers[alg].publicKey));
  add(`HS256 under the PEM of the ${alg} key`, await sign("HS256", claims, { kid: signers[alg].kid }, pem), "algorithm");
  const jwk = new TextEncoder().encode(JSON.stringify(await jose.exportJWK(signers[alg].publicKey)));
  add(`HS256 under the JWK of the ${alg} key, no kid`, await sign("HS256", claims, { kid: undefined }, jwk), "signature");
}
add("ES384 of a key in the set", await sign("ES384", claims, { kid: "p384" }, p384.privateKey), "algorithm");
add("HS512", await sign("HS512", claims, { kid: "secret" }, crypto.getRandomValues(new Uint8Array(64))), "algorithm");
add("none", new jose.UnsecuredJWT(claims).encode(), "malformed");
add("crit", await new jose.CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
  .setProtectedHeader({ alg: "ES256", kid: signers.ES256.kid, crit: ["urn:x"], "urn:x": 1 })
  .sign(signers.ES256.key, { crit: { "urn:x": true } }), "critical_header");
add("jwk in the header", await sign("ES256", claims, { jwk: await jose.exportJWK(signers.ES256.publicKey) }), "unsafe_header");
add("payload no object", await new jose.CompactSign(new TextEncoder().encode("[1]"))
  .setProtectedHeader({ alg: "ES256", kid: signers.ES256.kid }).sign(signers.ES256.key), "claims");
add("payload names a claim twice", await new jose.CompactSign(
  new TextEncoder().encode(`{"exp":${now + 60},"role":"authenticated","role":"service_role"}`))
  .setProtectedHeader({ alg: "ES256", kid: signers.ES256.kid }).sign(signers.ES256.key), "claims");

writeFileSync(process.argv[2], JSON.stringify({
  made_by: "jose",
  now,
  jwks,
  secret: { kty: "oct", kid: "secret", alg: "HS256", k: jose.base64url.encode(secret) },
  tokens,
}, null, 1) + "\n");
