import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentAt } from './documents.ts';
import { CODES, faultEvent } from './faults.ts';
import { documentText, liveValue } from './values.ts';

/** A file and its announced type. */
export interface HostileFile {
  readonly type: string;
  readonly octets: Uint8Array;
}

const BULK = '/apps/evil/bulk-data/rosbags/';
const LIVE_MS = 300;

/** Starts a gateway on loopback whose documents have the right shape and hostile contents, or the wrong shape. */
export async function openHostileGateway(files: ReadonlyMap<string, HostileFile>) {
  const requested = new Set<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://peer');
    const path = decoded(url.pathname.replace('/api/v1', ''));
    requested.add(`${request.method} ${path}`);
    if (path === '/x-medkit-tree/events') return begin(response, 'event: tree\ndata: {"etag":"\\"1\\""}\n\n');
    if (path === '/faults/stream') return begin(response, faultEvents());
    if (path === '/x-medkit-live') return streamValues(response, url.searchParams.get('watch') ?? '');
    if (path === '/apps/evil/data/page') return sendFile(request, response, files.get('page'));
    if (path.startsWith(BULK)) return sendFile(request, response, files.get(path.slice(BULK.length)));
    const text = documentAt(path);
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json', etag: '"1"' });
    return response.end(text ?? '{"error_code":"resource-not-found","message":"<b>no</b>"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Received requests, such as `GET /faults`. */
    requested,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Begins a stream with a text and leaves it open. */
function begin(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
}

/** Reports an empty log, then one event for each fault. */
function faultEvents(): string {
  const events = CODES.map((code, place) => `id: ${place + 1}\nevent: fault_confirmed\ndata: ${faultEvent(code)}\n\n`);
  return `id: 0\n\n${events.join('')}`;
}

function streamValues(response: ServerResponse, watch: string): void {
  const names = watch.split(',').map((name) =>
    decoded(name)
      .replace(/^apps\/evil\/data\//, '')
      .replace(/:.*$/s, ''),
  );
  begin(response, ':\n\n');
  const send = (): void => {
    const values = Object.fromEntries(names.map((name, place) => [place, liveValue(name)]));
    response.write(`event: values\ndata: ${documentText({ at_ms: Date.now(), values })}\n\n`);
  };
  send();
  const timer = setInterval(send, LIVE_MS);
  response.on('close', () => clearInterval(timer));
}

function sendFile({ headers }: IncomingMessage, response: ServerResponse, file: HostileFile | undefined): void {
  if (!file) return void response.writeHead(404).end();
  const { type, octets } = file;
  const size = octets.length;
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const from = first === '' ? Math.max(0, size - Number(last || size)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  const isPart = headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    ...(type !== '' && { 'content-type': type }),
    'content-disposition': 'inline; filename="x<img src=x onerror=alert(1)>.html"',
    ...(isPart && { 'content-range': `bytes ${from}-${to}/${size}` }),
    etag: '"1"',
  });
  response.end(octets.subarray(from, to + 1));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
