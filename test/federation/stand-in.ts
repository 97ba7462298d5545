import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answer of a stand-in to a path below the base of the API: a document, or a status with one. */
export type StandInReply = object | readonly [status: number, body: object | string, headers?: Record<string, string>];

/** The documents of ros2_medkit: a gateway that serves its tree route by route, without medkit's additional routes. */
export const ORIGINAL: Readonly<Record<string, StandInReply>> = {
  '/health': { status: 'healthy', timestamp: 1, warnings: [], warning_schema_version: 2 },
  '/areas': {
    items: [{ id: 'cell', name: 'Cell', href: '/api/v1/areas/cell', type: 'area' }],
    'x-medkit': { total_count: 1 },
  },
  '/areas/cell/subareas': {
    items: [{ id: 'corner', name: 'Corner', href: '/api/v1/areas/corner', type: 'area' }],
    _links: { self: '/api/v1/areas/cell/subareas', parent: '/api/v1/areas/cell' },
  },
  '/areas/corner/subareas': { items: [] },
  '/components': {
    items: [
      { id: 'plc', name: 'PLC', href: '/api/v1/components/plc', type: 'component', 'x-medkit': { source: 'manifest' } },
    ],
  },
  '/components/plc': {
    id: 'plc',
    name: 'PLC',
    type: 'component',
    'x-medkit': {
      source: 'manifest',
      type: 'Controller',
      area: 'cell',
      identity: { manufacturer: 'ACME', serialNumber: '42', _provenance: { manufacturer: 'manifest' } },
    },
  },
  '/components/plc/subcomponents': {
    items: [{ id: 'io_card', name: 'io_card', href: '/api/v1/components/io_card', type: 'component' }],
  },
  '/components/io_card': [504, { error_code: 'not-responding', message: 'gone' }],
  '/apps': {
    items: [
      {
        id: 'valve',
        name: 'valve',
        href: '/api/v1/apps/valve',
        type: 'app',
        'x-medkit': { source: 'manifest', is_online: true, component_id: 'plc', ros2: { node: '/valve' } },
      },
      {
        id: 'pump',
        name: 'pump',
        type: 'app',
        _links: { 'is-located-on': { href: 'http://plc.lan/api/v1/components/plc?x=1' } },
        'x-medkit': { source: 'heuristic', is_online: true, component_id: 'other' },
      },
      { id: '_ros2cli_1', name: '_ros2cli_1', type: 'app', 'x-medkit': { source: 'heuristic' } },
      { id: '../etc', name: 'bad', type: 'app' },
      { id: 'odd', name: 'odd', type: 'app', 'is-located-on': '/api/v1/components/a%20b' },
    ],
  },
  '/functions': { items: [{ id: 'dosing', name: 'dosing', type: 'function', 'x-medkit': { source: 'manifest' } }] },
  '/functions/dosing': {
    id: 'dosing',
    name: 'dosing',
    type: 'function',
    'x-medkit': { source: 'manifest', hosts: ['valve'] },
  },
  '/apps/valve/data': {
    items: [{ id: '/level', name: '/level', category: 'currentData' }],
    'x-medkit': { total_count: 1 },
  },
  '/apps/valve/data/level': { id: '/level', data: { data: 7 }, 'x-medkit': { entity_id: 'valve', status: 'data' } },
  '/faults': {
    items: [{ fault_code: 'LEAK', severity: 2, severity_label: 'ERROR', description: 'drips', status: 'CONFIRMED' }],
    'x-medkit': { count: 1 },
  },
};

/** Answer of a stand-in to other requests; `undefined` for 404. */
export type Otherwise = (request: IncomingMessage, path: string) => Promise<StandInReply | undefined>;

/** Starts a gateway with the given answers; everything else is 404, like at ros2_medkit. */
export async function standIn(
  answers: Readonly<Record<string, StandInReply>> = ORIGINAL,
  otherwise: Otherwise = async () => undefined,
) {
  const replies: Record<string, StandInReply> = { ...answers };
  /** Received requests, such as `GET /faults?status=all`, in order. */
  const requestLines: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').replace('/api/v1', '');
    requestLines.push(`${request.method} ${path}`);
    requests.push(request);
    const known = replies[path.split('?')[0] ?? ''] ?? (await otherwise(request, path));
    const reply = known ?? [404, { error_code: 'resource-not-found', message: 'no' }];
    const [status, body, headers] = Array.isArray(reply) ? reply : [200, reply, {}];
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replies,
    requestLines,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
