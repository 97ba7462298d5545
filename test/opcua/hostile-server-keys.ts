import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { SecurityPolicy as PolicyUri } from 'node-opcua-client';
import type { OpcuaLibrary } from '../../packages/wire/opcua/src/opcua-library.ts';
import { SEQUENCE_AT } from './recorded-answers.ts';

/** A signer: a DER certificate and its key. */
export interface Signer {
  readonly certificate: Buffer;
  readonly key: KeyObject;
}

export interface Opening {
  readonly sequence: number;
  readonly requestId: number;
  readonly clientNonce: Buffer;
  readonly clientCertificate: Buffer;
}

type Keys = ReturnType<OpcuaLibrary['crypto_utils']['computeDerivedKeys']>;

const NONCE_BYTES = 32;
/**
 * Sequence header and signature of a chunk are encrypted; 2048-bit RSA signs and encrypts blocks of this many bytes.
 */
const NUMBERS_BYTES = 8;
const RSA_BYTES = 256;
const HMAC_BYTES = 32;

/** The secrets of a server on one connection, for messages that no correct server sends. */
export class HostileServerKeys {
  readonly #library: OpcuaLibrary;
  readonly #policy: PolicyUri;
  readonly #isEncrypted: boolean;
  /** All earlier client keys: a client that rejects new keys continues with the old ones. */
  readonly #client: Keys[] = [];
  #server: Keys | undefined;

  constructor(library: OpcuaLibrary, policy: PolicyUri, isEncrypted: boolean) {
    this.#library = library;
    this.#policy = policy;
    this.#isEncrypted = isEncrypted;
  }

  get #factory() {
    return this.#library.getCryptoFactory(this.#policy)!;
  }

  /** Parses a client's OpenSecureChannel request (OPC 10000-6, 6.7.4). */
  opening(chunk: Buffer, { key }: Signer): Opening {
    let at = 12;
    const field = () => {
      const length = Math.max(0, chunk.readInt32LE(at));
      at += 4 + length;
      return chunk.subarray(at - length, at);
    };
    const [, clientCertificate = Buffer.alloc(0)] = [field(), field(), field()];
    const plain = this.#factory.asymmetricDecrypt(chunk.subarray(at), { hidden: key } as never);
    const padded = plain.subarray(0, plain.length - RSA_BYTES);
    const body = padded.subarray(NUMBERS_BYTES, padded.length - 1 - padded.at(-1)!);
    // Its last fields are the client nonce and the requested lifetime.
    const clientNonce = Buffer.from(body.subarray(body.length - 4 - NONCE_BYTES, body.length - 4));
    return { sequence: plain.readUInt32LE(0), requestId: plain.readUInt32LE(4), clientNonce, clientCertificate };
  }

  /** Derives the keys that both sides use from now on. */
  agree(clientNonce: Buffer, serverNonce: Buffer): void {
    const { derivedClientKeys, derivedServerKeys } = this.#library.computeDerivedKeys(
      this.#factory,
      serverNonce,
      clientNonce,
    );
    this.#client.push(derivedClientKeys as Keys);
    this.#server = derivedServerKeys as Keys;
  }

  /** Sends any body like an OpenSecureChannel response: signed by `signer` and encrypted for the client. */
  asOpening(plain: Buffer, clientCertificate: Buffer, signer: Signer, kind: 'OPNF' | 'OPNC' = 'OPNF'): Buffer {
    const thumbprint = createHash('sha1').update(clientCertificate).digest();
    const header = Buffer.concat([
      ...[Buffer.from(`${kind}\0\0\0\0`, 'latin1'), plain.subarray(8, 12)],
      ...[Buffer.from(this.#policy), signer.certificate, thumbprint].flatMap((field) => [uint32(field.length), field]),
    ]);
    const content = plain.subarray(SEQUENCE_AT);
    const block = RSA_BYTES - this.#factory.blockPaddingSize;
    const padding = (block - ((content.length + 1 + RSA_BYTES) % block)) % block;
    const padded = Buffer.concat([content, Buffer.alloc(padding + 1, padding)]);
    header.writeUInt32LE(header.length + ((padded.length + RSA_BYTES) / block) * RSA_BYTES, 4);
    const signed = Buffer.concat([header, padded]);
    const signature = this.#factory.asymmetricSign(signed, { hidden: signer.key } as never);
    const client = new X509Certificate(clientCertificate).publicKey;
    const secret = Buffer.concat([padded, signature]);
    return Buffer.concat([header, this.#factory.asymmetricEncrypt(secret, client as never)]);
  }

  /** Pads, signs and encrypts a chunk. `spoil` changes the signed part. */
  sealed(plain: Buffer, spoil: (content: Buffer) => Buffer = (content) => content): Buffer {
    const { crypto_utils: crypto } = this.#library;
    const content = Buffer.from(plain.subarray(SEQUENCE_AT));
    const footer = this.#isEncrypted ? crypto.computePaddingFooter(content, this.#server!) : Buffer.alloc(0);
    let padded = spoil(Buffer.concat([content, footer]));
    if (this.#isEncrypted) padded = padded.subarray(0, padded.length - (padded.length % 16));
    const header = Buffer.from(plain.subarray(0, SEQUENCE_AT));
    header.writeUInt32LE(SEQUENCE_AT + padded.length + HMAC_BYTES, 4);
    const signature = crypto.makeMessageChunkSignatureWithDerivedKeys(Buffer.concat([header, padded]), this.#server!);
    const secret = Buffer.concat([padded, signature]);
    const sent = this.#isEncrypted ? crypto.encryptBufferWithDerivedKeys(secret, this.#server!) : secret;
    return Buffer.concat([header, sent]);
  }

  /** Decrypts a client's chunk. Returns `undefined` if the client did not protect it. */
  opened(chunk: Buffer): Buffer | undefined {
    for (const keys of this.#client) {
      const plain = this.#openedWith(chunk, keys);
      if (plain) return plain;
    }
    return undefined;
  }

  #openedWith(chunk: Buffer, keys: Keys): Buffer | undefined {
    const { crypto_utils: crypto } = this.#library;
    const [header, rest] = [chunk.subarray(0, SEQUENCE_AT), chunk.subarray(SEQUENCE_AT)];
    if (this.#isEncrypted && rest.length % 16 !== 0) return undefined;
    const secret = this.#isEncrypted ? crypto.decryptBufferWithDerivedKeys(rest, keys) : rest;
    const signed = Buffer.concat([header, secret]);
    if (!crypto.verifyChunkSignatureWithDerivedKeys(signed, keys)) return undefined;
    const padded = signed.subarray(0, signed.length - HMAC_BYTES);
    const plain = Buffer.from(this.#isEncrypted ? padded.subarray(0, padded.length - 1 - padded.at(-1)!) : padded);
    plain.writeUInt32LE(plain.length, 4);
    return plain;
  }
}

export interface OpeningAnswer {
  readonly sequence: number;
  readonly requestId: number;
  readonly tokenId: number;
  readonly lifetimeMs: number;
  readonly serverNonce: Buffer;
}

export const CHANNEL_ID = 7;

/** Builds an unprotected OpenSecureChannel response (OPC 10000-4, 5.6.2). */
export function openingAnswer({ sequence, requestId, tokenId, lifetimeMs, serverNonce }: OpeningAnswer): Buffer {
  const now = Buffer.alloc(8);
  now.writeBigInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n);
  const answer = Buffer.concat([
    ...[Buffer.from('OPNF\0\0\0\0', 'latin1'), uint32(CHANNEL_ID), uint32(0), uint32(sequence), uint32(requestId)],
    ...[Buffer.from([1, 0, 0xc1, 1]), now, uint32(requestId), uint32(0), Buffer.from([0]), uint32(0xffff_ffff)],
    ...[Buffer.alloc(3), uint32(0), uint32(CHANNEL_ID), uint32(tokenId), now, uint32(lifetimeMs)],
    ...[uint32(serverNonce.length), serverNonce],
  ]);
  answer.writeUInt32LE(answer.length, 4);
  return answer;
}

export function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets;
}
