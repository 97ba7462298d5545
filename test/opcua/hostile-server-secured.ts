import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { CreateSessionResponse, SecurityPolicy as PolicyUri } from 'node-opcua-client';
import type { OpcuaLibrary } from '../../packages/wire/opcua/src/opcua-library.ts';
import { CHANNEL_ID, HostileServerKeys, type Opening, openingAnswer, type Signer } from './hostile-server-keys.ts';
import {
  BODY_AT,
  chunksOf,
  HANDLE_AT,
  kindOf,
  REQUEST_ID_AT,
  type RecordedAnswers,
  SEQUENCE_AT,
  typeOf,
} from './recorded-answers.ts';

/** Returns the chunks to send instead of an answer; `plain` is the correct answer before it is protected. */
export type Lie = (scene: {
  readonly plain: Buffer;
  readonly keys: HostileServerKeys;
  readonly clientCertificate: Buffer;
  /** The previous answer as sent. */
  readonly former: Buffer | undefined;
}) => readonly Buffer[];

/** Misbehaviour of a server at the opening of a channel and at each renewal: its keys, and what it sends. */
export interface OpeningLie {
  readonly tokenId?: number;
  readonly lifetimeMs?: number;
  readonly nonceBytes?: number;
  /** Signer of the response. */
  readonly signer?: Signer;
  readonly isSilent?: boolean;
  /** It continues with other keys than it announced. */
  readonly hasOtherKeys?: boolean;
  readonly spoil?: (octets: Buffer) => Buffer;
}

export interface SecuredServerOptions {
  readonly library: OpcuaLibrary;
  readonly recorded: RecordedAnswers;
  readonly policy: PolicyUri;
  readonly isEncrypted: boolean;
  readonly signer: Signer;
  readonly lifetimeMs?: number;
  /** Chooses the manipulation of answers to a request type; `undefined` for the correct answer. */
  readonly lie?: (type: number) => Lie | undefined;
  /** `count` is 0 for the opening, then the number of the renewal. */
  readonly openingLie?: (count: number) => OpeningLie | undefined;
}

export interface SecuredServer {
  readonly endpointUrl: string;
  readonly lies: number;
  readonly renewals: number;
  /** Number of unprotected requests on secured channels. */
  readonly unprotected: number;
  close(): Promise<void>;
}

const CREATE_SESSION = 461;
const PUBLISH = 826;
const PUBLISH_PAUSE_MS = 5;
/** Closes connections of a client that waits for the rest of an incomplete message. */
const IDLE_MS = 500;
const { BinaryStream } = createRequire(import.meta.resolve('node-opcua-client'))('node-opcua-binary-stream');

/** A server with the keys of the recorded one. It secures its channels and sometimes sends manipulated answers. */
export async function openSecuredServer(options: SecuredServerOptions): Promise<SecuredServer> {
  const counts = { lies: 0, renewals: 0, unprotected: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const take = connection(options, counts, socket);
    socket.on('data', (octets) => {
      for (const request of chunksOf(octets)) take(request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lies() {
      return counts.lies;
    },
    get renewals() {
      return counts.renewals;
    },
    get unprotected() {
      return counts.unprotected;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function connection(
  options: SecuredServerOptions,
  counts: { lies: number; renewals: number; unprotected: number },
  socket: Socket,
): (request: Buffer) => void {
  const { library, recorded, policy, isEncrypted, signer, lifetimeMs = 3_600_000, lie, openingLie } = options;
  let keys: HostileServerKeys | undefined;
  let client: Opening | undefined;
  let [sequence, tokenId, openings] = [1, 0, 0];
  let former: Buffer | undefined;

  const open = (request: Buffer): void => {
    if (request.includes('SecurityPolicy#None')) {
      const answer = Buffer.from(recorded.opened[0]!);
      answer.writeUInt32LE(sequence++, openingNumbersAt(answer));
      request.copy(answer, openingNumbersAt(answer) + 4, openingNumbersAt(request) + 4, openingNumbersAt(request) + 8);
      socket.write(answer);
      return;
    }
    keys ??= new HostileServerKeys(library, policy, isEncrypted);
    client = keys.opening(request, signer);
    const falsified = openingLie?.(openings) ?? {};
    if (openings > 0) counts.renewals++;
    openings++;
    if (Object.keys(falsified).length > 0) counts.lies++;
    if (falsified.isSilent) return;
    const serverNonce = randomBytes(falsified.nonceBytes ?? 32);
    tokenId = falsified.tokenId ?? tokenId + 1;
    const numbers = { sequence: sequence++, requestId: client.requestId, tokenId };
    const plain = openingAnswer({ ...numbers, lifetimeMs: falsified.lifetimeMs ?? lifetimeMs, serverNonce });
    const sent = keys.asOpening(plain, client.clientCertificate, falsified.signer ?? signer);
    socket.write(falsified.spoil?.(sent) ?? sent);
    keys.agree(client.clientNonce, serverNonce);
    if (falsified.hasOtherKeys) keys.agree(client.clientNonce, randomBytes(32));
  };

  const answer = (request: Buffer): void => {
    if (socket.destroyed) return;
    const type = typeOf(request);
    const known = recorded.to(request)[0]!;
    const plain =
      type === CREATE_SESSION && keys && client
        ? sessionFor(library, known, request, options, client)
        : Buffer.from(known);
    plain.writeUInt32LE(sequence, SEQUENCE_AT);
    request.copy(plain, REQUEST_ID_AT, REQUEST_ID_AT, REQUEST_ID_AT + 4);
    request.copy(plain, HANDLE_AT, REQUEST_ID_AT, REQUEST_ID_AT + 4);
    sequence++;
    if (keys === undefined || client === undefined) {
      socket.write(plain);
      return;
    }
    plain.writeUInt32LE(CHANNEL_ID, 8);
    plain.writeUInt32LE(tokenId, 12);
    const falseChunks = lie?.(type)?.({ plain, keys, clientCertificate: client.clientCertificate, former });
    former = keys.sealed(plain);
    if (falseChunks) counts.lies++;
    // The correct answer follows the manipulated one, for clients that ignore the latter.
    for (const chunk of falseChunks ?? []) socket.write(chunk);
    socket.write(former);
  };

  return (request) => {
    const kind = kindOf(request);
    if (kind === 'HEL') socket.write(recorded.acknowledge!);
    else if (kind === 'CLO') socket.destroy();
    else if (kind === 'OPN') open(request);
    else {
      const plain = keys ? keys.opened(request) : request;
      if (plain === undefined) counts.unprotected++;
      else if (typeOf(plain) === PUBLISH) setTimeout(answer, PUBLISH_PAUSE_MS, plain);
      else answer(plain);
    }
  };
}

/** Builds the CreateSession response with the signature that this client requires (OPC 10000-4, 5.7.2). */
function sessionFor(
  library: OpcuaLibrary,
  recorded: Buffer,
  request: Buffer,
  { policy, signer }: SecuredServerOptions,
  { clientCertificate }: Opening,
): Buffer {
  const answer = decoded(new library.CreateSessionResponse(), recorded) as CreateSessionResponse;
  const { clientNonce } = decoded(new library.CreateSessionRequest(), request);
  answer.serverCertificate = signer.certificate;
  answer.serverNonce = randomBytes(32);
  answer.serverEndpoints = [];
  const proof = library.computeSignature(clientCertificate, clientNonce, { hidden: signer.key }, policy);
  if (proof) answer.serverSignature = proof;
  const stream = new BinaryStream(Buffer.alloc(16_384));
  answer.encode(stream);
  const body = stream.buffer.subarray(0, stream.length);
  const chunk = Buffer.concat([recorded.subarray(0, BODY_AT + 4), body]);
  chunk.writeUInt32LE(chunk.length, 4);
  return chunk;
}

/** The body follows the four bytes of its type's node id. */
function decoded<T extends { decode(stream: never): void }>(empty: T, chunk: Buffer): T {
  empty.decode(new BinaryStream(chunk.subarray(BODY_AT + 4)) as never);
  return empty;
}

function openingNumbersAt(chunk: Buffer): number {
  let at = 12;
  for (let field = 0; field < 3; field++) at += 4 + Math.max(0, chunk.readInt32LE(at));
  return at;
}
