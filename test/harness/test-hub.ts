import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpStreams, seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { acceptUplink, type HubUplink, identityFrom, invitationLink, newIdentityKey } from '@medkit/tunnel';
import { type MemoryHub, memoryHub } from '@medkit/tunnel/testing';
import { freePort } from '../federation/free-port.ts';

/** The code that the record of the hub accepts, with its check characters in the link. */
const CODE = 'G00DC0DEG00DC0DE';

/** A request of the hub to the robot. */
export interface HubRequest {
  readonly authority?: 'uplink' | 'gateway' | 'files';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface HubReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many routes
  readonly json: any;
}

/** A hub on loopback with a record in memory: accepts enrolments and uplinks, and sends requests to the robot. */
export interface TestHub extends AsyncDisposable {
  readonly url: string;
  readonly link: string;
  readonly record: MemoryHub;
  readonly fingerprint: string;
  /** Private key of the hub, for the same hub after a restart. */
  readonly key: string;
  /** Open uplinks, the newest last. */
  readonly open: HubUplink[];
  /** Upgrade requests are answered with this status instead. */
  refuse: number | undefined;
  /** Sends a request through the newest uplink. */
  ask(method: string, path: string, request?: HubRequest): Promise<HubReply>;
}

/** Starts a hub. Give it the `key` and `record` of an earlier one for the same hub after a restart. */
export async function startTestHub({
  key = newIdentityKey(),
  record = acceptingHub(),
  port,
}: {
  readonly key?: string;
  readonly record?: MemoryHub;
  readonly port?: number;
} = {}): Promise<TestHub> {
  const identity = identityFrom(key);
  const server = createServer((_request, response) => response.writeHead(404).end());
  const open: HubUplink[] = [];
  const streams = new Map<string, HttpStreams>();
  const streamsOf = (uplink: HubUplink, authority: 'uplink' | 'gateway' | 'files'): HttpStreams => {
    const key = `${uplink.fingerprint} ${uplink.hello.ratchet} ${authority}`;
    const known = streams.get(key) ?? httpStreamsOver(uplink.dial(authority));
    streams.set(key, known);
    return known;
  };
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined);
    if (hub.refuse !== undefined) {
      socket.end(`HTTP/1.1 ${hub.refuse} Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    acceptUplink({ request, socket, head }, { identity, record, clock: systemClock }).then(
      (uplink) => {
        if (uplink.kind !== 'open') return;
        open.push(uplink);
        void uplink.ended.then(() => open.splice(open.indexOf(uplink), 1));
      },
      () => undefined,
    );
  });
  server.listen(port ?? (await freePort()), '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const hub: TestHub = {
    url,
    link: invitationLink({ url, code: CODE, hubFingerprint: identity.fingerprint }),
    record,
    fingerprint: identity.fingerprint,
    key,
    open,
    refuse: undefined,
    ask: async (method, path, { authority = 'gateway', headers = {}, body } = {}) => {
      const uplink = open.at(-1);
      if (!uplink) throw new Error('no robot is connected');
      const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const reply = await streamsOf(uplink, authority).open({
        method,
        url: `http://amr-17.uplink/api/v1${path}`,
        headers: { ...(sent && { 'content-type': 'application/json' }), ...headers },
        ...(sent && { body: sent }),
        timeoutMs: 10_000,
      } as never);
      const chunks: Uint8Array[] = [];
      for await (const chunk of reply.body) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      return {
        status: reply.status,
        headers: reply.headers as IncomingHttpHeaders,
        text,
        json: text.startsWith('{') && !text.includes('\n{') ? JSON.parse(text) : undefined,
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const uplink of [...open]) uplink.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
  return hub;
}

/** A record that accepts `CODE`. */
function acceptingHub(): MemoryHub {
  const record = memoryHub(seededRandom(11));
  const { enrol } = record;
  return Object.assign(record, {
    enrol: (fingerprint: string, request: Parameters<typeof enrol>[1]) =>
      enrol(fingerprint, request.enrol === CODE ? { ...request, enrol: 'GOOD-CODE' } : request),
  });
}
