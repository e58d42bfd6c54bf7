// Sealing a letter to a key that this phone does not hold: HPKE (RFC 9180), as bulletin/vault/keys.py opens it.
// Loaded when there is something to seal.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "../vendor/hpke.js";

const FORMAT = 1;
const STEP = 256; // bytes: how long it is says no more than about how much was written
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const utf8 = new TextEncoder();

const dashed = (id) => id.replace(/-/g, "").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Parts, each behind its length in four bytes: keys.context(). */
function context(...parts) {
  return joined(parts.flatMap((part) => {
    const bytes = utf8.encode(part);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  }));
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** A form of this kind as a letter to be put into the queue. `fields`: names and values; `id`: the form's. */
export async function seal(key, id, kind, fields) {
  const said = { v: 1, kind, by: key.member, proof: key.proof, on: today(), fields };
  if (key.phone) Object.assign(said, { v: 2, phone: key.phone }); // else a release before has given the key
  const words = utf8.encode(JSON.stringify(said));
  const text = new Uint8Array(Math.ceil(words.length / STEP) * STEP).fill(32); // JSON may end in spaces
  text.set(words);
  const inbox = Uint8Array.from(key.inbox.match(/../g), (byte) => parseInt(byte, 16));
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(inbox.buffer),
    info: context("letter", dashed(key.site), dashed(id)).buffer,
  });
  const sealed = new Uint8Array(await sender.seal(text.buffer));
  return { id, site: key.site, sealed: joined([Uint8Array.of(FORMAT), new Uint8Array(sender.enc), sealed]) };
}
