import { createHmac, timingSafeEqual } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import type { Random } from '@medkit/edges';

/** The first bytes of a connection of a standby: protocol and version. */
const PREFACE = Buffer.from('medkit-replica/1\n');
/** The first bytes of a link. As long as the other ones: a hub of an earlier version refuses it immediately. */
const LINK_PREFACE = Buffer.from('medkit-standby/1\n');
const NONCE_BYTES = 32;
const PROOF_BYTES = 32;

/** The other end of a connection is not a hub with the same secret, or the connection ended during the handshake. */
export class HandshakeFailed extends Error {
  override readonly name = 'HandshakeFailed';
}

/** What both ends of a handshake need. */
export interface Handshake {
  readonly socket: Socket;
  /** From `replicaKey`. */
  readonly key: Uint8Array;
  readonly random: Pick<Random, 'bytes'>;
}

/** Derives the key of the handshakes from the secret of the hub, which encrypts other data. */
export const replicaKey = (secret: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update('medkit-replica/1').digest();

/**
 * Introduces a connection to the hub that serves. Each end proves with the nonces of both that it has the key: a recorded
 * handshake is of no use, and no clock is needed. After it, the bytes of the client follow. Throws `HandshakeFailed`.
 * @param clientAddress IP address that the hub takes for the address of the connection
 */
export async function introduceClient({ socket, key, random }: Handshake, clientAddress: string): Promise<void> {
  const nonce = random.bytes(NONCE_BYTES);
  socket.write(Buffer.concat([PREFACE, nonce]));
  const reply = await readBytes(socket, NONCE_BYTES + PROOF_BYTES);
  const nonces = Buffer.concat([nonce, reply.subarray(0, NONCE_BYTES)]);
  if (!timingSafeEqual(reply.subarray(NONCE_BYTES), proofOf(key, 'hub', nonces)))
    throw new HandshakeFailed('the program there is not a hub with the same fleet.secret_file');
  const address = Buffer.from(clientAddress, 'latin1');
  socket.write(Buffer.concat([Buffer.of(address.length), address, proofOf(key, 'standby', nonces, clientAddress)]));
}

/** Begins a link, and returns the key of its TLS, in which both ends prove the secret. */
export function introduceLink({ socket, key, random }: Handshake): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  socket.write(Buffer.concat([LINK_PREFACE, nonce]));
  return linkKey(key, nonce);
}

/** What a standby opens: a connection of a client, by its address, or a link, by the key of its TLS. */
export type Introduction = { readonly client: string } | { readonly linkKey: Uint8Array };

/** Accepts a connection of a standby. Reads nothing of what follows the handshake. Throws `HandshakeFailed`. */
export async function acceptReplica(handshake: Handshake): Promise<Introduction> {
  const bytes = await readBytes(handshake.socket, PREFACE.length + NONCE_BYTES);
  const [preface, nonce] = [bytes.subarray(0, PREFACE.length), bytes.subarray(PREFACE.length)];
  if (preface.equals(LINK_PREFACE)) return { linkKey: linkKey(handshake.key, nonce) };
  if (!preface.equals(PREFACE)) throw new HandshakeFailed('the program there is not a hub of this version');
  return { client: await acceptClient(handshake, nonce) };
}

async function acceptClient({ socket, key, random }: Handshake, first: Uint8Array): Promise<string> {
  const nonce = random.bytes(NONCE_BYTES);
  const nonces = Buffer.concat([first, nonce]);
  socket.write(Buffer.concat([nonce, proofOf(key, 'hub', nonces)]));
  const length = (await readBytes(socket, 1))[0] ?? 0;
  const rest = await readBytes(socket, length + PROOF_BYTES);
  const address = rest.toString('latin1', 0, length);
  if (!timingSafeEqual(rest.subarray(length), proofOf(key, 'standby', nonces, address)))
    throw new HandshakeFailed('the program there is not a hub with the same fleet.secret_file');
  if (isIP(address) === 0) throw new HandshakeFailed(`${JSON.stringify(address)} is no address of a client`);
  return address;
}

const linkKey = (key: Uint8Array, nonce: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update('link\0').update(nonce).digest();

/** The role prevents that a proof of one end serves the other one. All parts before the address have a fixed length. */
const proofOf = (key: Uint8Array, role: 'hub' | 'standby', nonces: Uint8Array, address = ''): Buffer =>
  createHmac('sha256', key).update(`${role}\0`).update(nonces).update(address, 'latin1').digest();

/** Reads exactly `length` bytes, and leaves the following ones in the socket. */
function readBytes(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      for (const event of ['readable', 'end']) socket.off(event, look);
      socket.off('error', fail).off('close', fail);
    };
    const fail = (error?: Error | boolean): void => {
      stop();
      const reason = error instanceof Error ? error.message : 'the connection ended';
      reject(new HandshakeFailed(reason));
    };
    const look = (): void => {
      const bytes: Buffer | null = socket.read(length);
      const isOver = bytes === null ? socket.readableEnded || socket.destroyed : bytes.length < length;
      if (isOver) fail();
      else if (bytes !== null) {
        stop();
        resolve(bytes);
      }
    };
    socket.on('readable', look).on('end', look).on('error', fail).on('close', fail);
    look();
  });
}
