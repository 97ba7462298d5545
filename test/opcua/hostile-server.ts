import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Random } from '@medkit/edges';
import { below, mutated } from './mutated-octets.ts';
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

export interface HostileServer {
  readonly endpointUrl: string;
  /** Number of answers that were changed before they were sent. */
  readonly mutations: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** Publish request (OPC 10000-6, A.2); real servers never answer it without a pause. */
const PUBLISH = 826;
const PUBLISH_PAUSE_MS = 2;
/** Requests at the beginning of a session: GetEndpoints, CreateSession, ActivateSession. */
const BEGINNING: ReadonlySet<number> = new Set([428, 461, 467]);
/** Out of 64, how many acknowledgements, openings and answers are changed. */
const CHANGED = { acknowledge: 1, opened: 1, beginning: 2, answer: 16 } as const;
/** Closes connections of a client that waits for the rest of an incomplete message. */
const IDLE_MS = 100;

/**
 * A TCP server that replays the answers of a real server and sometimes sends mutated ones: bytes changed, truncated,
 * duplicated, inserted and removed, from the chunk header on. The correct answer follows, so that no client waits.
 */
export async function openHostileServer(recorded: RecordedAnswers, random: Random): Promise<HostileServer> {
  let mutations = 0;
  let connections = 0;
  const sockets = new Set<Socket>();

  const isChanged = (share: number) => below(random, 64) < share;
  const spoil = (octets: Buffer): Buffer => {
    mutations++;
    const from = [0, 8, SEQUENCE_AT, BODY_AT, BODY_AT, BODY_AT, HANDLE_AT, HANDLE_AT][below(random, 8)]!;
    const changed = mutated(octets, from, random);
    // Usually corrects the size in the header, because clients drop chunks with a wrong size immediately.
    if (changed.length >= 8 && random.float() < 0.7) changed.writeUInt32LE(changed.length, 4);
    return changed;
  };

  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    let sequence = 1;
    const numbered = (answer: Buffer, request: Buffer, requestIdAt: number): Buffer => {
      const copy = Buffer.from(answer);
      copy.writeUInt32LE(sequence, requestIdAt - 4);
      request.copy(copy, requestIdAt, REQUEST_ID_AT, REQUEST_ID_AT + 4);
      return copy;
    };
    const answer = (request: Buffer): void => {
      if (socket.destroyed) return;
      const known = recorded.to(request);
      const chosen = numbered(known[below(random, known.length)]!, request, REQUEST_ID_AT);
      if (chosen.length >= HANDLE_AT + 4) request.copy(chosen, HANDLE_AT, REQUEST_ID_AT, REQUEST_ID_AT + 4);
      const isBeginning = BEGINNING.has(typeOf(request));
      if (isChanged(isBeginning ? CHANGED.beginning : CHANGED.answer)) {
        socket.write(spoil(chosen));
        // If the client accepted the message, its sequence number is used; if not, it is still free, provided that the
        // connection survives.
        if (random.float() < 0.9) chosen.writeUInt32LE(++sequence, SEQUENCE_AT);
      }
      sequence++;
      socket.write(chosen);
    };
    socket.on('data', (octets) => {
      for (const request of chunksOf(octets)) {
        const kind = kindOf(request);
        if (kind === 'HEL')
          socket.write(isChanged(CHANGED.acknowledge) ? spoil(recorded.acknowledge!) : recorded.acknowledge!);
        else if (kind === 'CLO') socket.destroy();
        else if (kind === 'OPN') {
          const opened = numberedOpening(recorded.opened[0]!, request, sequence++);
          socket.write(isChanged(CHANGED.opened) ? spoil(opened) : opened);
        } else if (typeOf(request) === PUBLISH) setTimeout(answer, PUBLISH_PAUSE_MS, request);
        else answer(request);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mutations() {
      return mutations;
    },
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Numbers an OpenSecureChannel response: its sequence header follows the name of the policy (OPC 10000-6, 6.7.2.3). */
function numberedOpening(answer: Buffer, request: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(answer);
  copy.writeUInt32LE(sequence, openingNumbersAt(copy));
  request.copy(copy, openingNumbersAt(copy) + 4, openingNumbersAt(request) + 4, openingNumbersAt(request) + 8);
  return copy;
}

function openingNumbersAt(chunk: Buffer): number {
  let at = 12;
  for (let field = 0; field < 3; field++) at += 4 + Math.max(0, chunk.readInt32LE(at));
  return at;
}
