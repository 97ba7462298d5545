import assert from 'node:assert/strict';
import { seededRandom } from '@medkit/edges';
import { type GatewayProcess, writeExactly } from './gateway-process.ts';
import type { Vendor } from './peer-programs.ts';

/**
 * One request of a client to the nodes `good_<vendor>` and `bad_<vendor>`, with checks of all its effects. `index` is
 * unique.
 */
export type ClientRequest = (gateway: GatewayProcess, vendor: Vendor, index: number) => Promise<void>;

/** Time after which an impatient client aborts. */
const PATIENCE_MS = 10;

/** `path` and `body` with `*` replaced by the vendor's name. The answer must have one of the statuses. */
const ask =
  (statuses: readonly number[], method: string, path: string, body?: unknown): ClientRequest =>
  async (gateway, vendor) => {
    const answer = await gateway.ask(method, path.replace('*', vendor), body);
    assert.ok(statuses.includes(answer.status), `${method} ${path}: ${answer.status} ${writeExactly(answer.body)}`);
  };

const add: ClientRequest = async (gateway, vendor, index) => {
  const path = `/apps/good_${vendor}/operations/add/executions`;
  const { status, body } = await gateway.ask('POST', path, { parameters: { a: index, b: 1 } });
  assert.deepEqual([status, body['result']], [200, { sum: index + 1 }], writeExactly(body));
};

const configure: ClientRequest = async (gateway, vendor, index) => {
  const data = 1 + (index % 30);
  const { status, body } = await gateway.ask('PUT', `/apps/good_${vendor}/configurations/camera.rate`, { data });
  assert.deepEqual([status, body['data']], [200, data], writeExactly(body));
};

const pursue: ClientRequest = async (gateway, vendor) => {
  const executions = `/apps/good_${vendor}/operations/count/executions`;
  const begun = await gateway.ask('POST', executions, { parameters: { order: 1 } });
  assert.equal(begun.status, 202, writeExactly(begun.body));
  const execution = `${executions}/${begun.body['id']}`;
  assert.equal((await gateway.ask('GET', execution)).status, 200);
  // It may have ended by itself.
  await ask([204, 400], 'DELETE', execution)(gateway, vendor, 0);
};

/** Aborts during a request, or is rejected because too many requests wait for the same service. */
const abandon =
  (method: string, path: string, options: () => RequestInit = () => ({})): ClientRequest =>
  async ({ api }, vendor) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const end = await fetch(api + path.replace('*', vendor), { method, signal, ...options() }).then(
      ({ status }) => status,
      ({ name }: Error) => name,
    );
    assert.ok(end === 429 || end === 503 || end === 'TimeoutError', `${method} ${path}: ${end}`);
  };

/** The beginning of an upload whose rest is never sent. */
const halfUpload = (): RequestInit => ({
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body: new ReadableStream({
    start: (controller) => {
      const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="hall.pgm"\r\n\r\n';
      controller.enqueue(new TextEncoder().encode(head + 'x'.repeat(10_000)));
    },
  }),
  duplex: 'half',
});

const OPERATION = '/apps/good_*/operations';
const FAILING = '/apps/bad_*/operations';
const CONFIGURATION = '/apps/good_*/configurations';

/** Errands, and their share among two hundred. Slow ones are few. */
const SHARES: readonly (readonly [share: number, errand: ClientRequest])[] = [
  [80, add],
  [20, configure],
  [8, pursue],
  [20, ask([200], 'GET', `${CONFIGURATION}/gain`)],
  [6, ask([200], 'GET', CONFIGURATION)],
  [6, ask([200], 'GET', OPERATION)],
  [6, ask([200], 'GET', '/apps/good_*/status')],
  [6, ask([200], 'GET', '/apps/good_*/data/beat')],
  [4, ask([200], 'GET', '/functions/robot/logs')],
  [6, ask([400], 'POST', `${OPERATION}/add/executions`, { parameters: { c: 1 } })],
  [4, ask([404], 'POST', `${OPERATION}/no_such_thing/executions`, {})],
  [4, ask([400], 'POST', `${OPERATION}/picky/executions`, { parameters: { order: 1 } })],
  [4, ask([400], 'PUT', `${CONFIGURATION}/retries`, { data: 16 })],
  [4, ask([404], 'GET', `${CONFIGURATION}/no_such_thing`)],
  [8, abandon('POST', `${FAILING}/hang/executions`)],
  [4, abandon('POST', '/apps/good_*/bulk-data/maps', halfUpload)],
  // Or rejected, because too many requests already wait for the same service.
  [1, ask([429, 503, 504], 'POST', `${FAILING}/hang/executions`)],
  [1, ask([429, 503, 504], 'POST', `${FAILING}/late/executions`)],
  [4, ask([429, 503, 504], 'POST', `${FAILING}/babble/executions`)],
  [4, ask([503], 'GET', '/apps/bad_*/configurations/gain')],
];

/** One errand of each kind. */
export const EACH_ERRAND: readonly ClientRequest[] = SHARES.map(([, errand]) => errand);

/** Returns `count` mixed errands; the same for the same seed. */
export function schedule(count: number, seed: number): readonly ClientRequest[] {
  const random = seededRandom(seed);
  const all = SHARES.flatMap(([share, errand]) => Array.from({ length: share }, () => errand));
  return Array.from({ length: count }, () => all[Math.floor(random.float() * all.length)]!);
}
