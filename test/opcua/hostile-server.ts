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
  /** Answers that were changed before they were sent. */
  readonly mutations: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** A request for what changed (OPC 10000-6, A.2), which is answered without a pause by nobody. */
const PUBLISH = 826;
const PUBLISH_PAUSE_MS = 2;
/** Requests that a session begins with: for endpoints, to create it and to log in. */
const BEGINNING: ReadonlySet<number> = new Set([428, 461, 467]);
/** Of 64, how many acknowledgements, openings and answers are changed. */
const CHANGED = { acknowledge: 1, opened: 1, beginning: 2, answer: 16 } as const;
/** A client that waits for the rest of a message that never comes is not waited for. */
const IDLE_MS = 100;

/**
 * A server of TCP that answers as a real one did, and now and then something like it: octets changed, cut, doubled, put in and
 * left out, from the header of the chunk on. The right answer follows, so that nobody waits.
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
    // Half of those of another length say so in their header, or none of them would be looked at.
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
        // The number of a message that was understood is taken; that of one that was not is free, if the connection is.
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

/** The answer to a request for a channel: its numbers are behind the name of its policy (OPC 10000-6, 6.7.2.3). */
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
