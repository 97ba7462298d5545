import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { AuditRecord } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import { Compile } from 'typebox/compile';
import { closeServer } from '../http/close-server.ts';
import { listen } from '../listen.ts';
import { testGateway } from '../testing/test-gateway.ts';

const API = '/api/v1';
const LOGS = '/apps/lidar_driver/logs/configuration';

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface StreamEvent {
  readonly id: number;
  readonly record: AuditRecord;
}

/** A gateway that listens on loopback, and the events of its streams. */
async function setUp(changes: Parameters<typeof testGateway>[0] = {}) {
  const gateway = await testGateway(changes);
  const port = await listen(gateway.app, { host: '127.0.0.1', port: 0, clock: systemClock });
  cleanUps.push(() => closeServer(gateway.app, systemClock));
  const url = `http://127.0.0.1:${port}${API}`;
  return {
    ...gateway,
    put: async (path: string, payload: object, client = 'alice') => {
      const headers = { 'x-client-id': client };
      return (await gateway.app.inject({ method: 'PUT', url: API + path, payload, headers })).statusCode;
    },
    stream: (query = '', headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${url}/x-medkit-audit/events${query}`, { headers }),
    /** Returns the next `count` events of a stream, which then ends. */
    first: async (
      count: number,
      query = '',
      headers: Readonly<Record<string, string>> = {},
    ): Promise<StreamEvent[]> => {
      const reply = await fetch(`${url}/x-medkit-audit/events${query}`, { headers });
      assert.equal(reply.headers.get('content-type'), 'text/event-stream');
      return taken(reply, count);
    },
  };
}

async function taken(reply: Response, count: number): Promise<StreamEvent[]> {
  let text = '';
  for await (const part of (reply.body ?? assert.fail()).pipeThrough(new TextDecoderStream())) {
    text += part;
    const events = [...text.matchAll(/^id: (\d+)\nevent: audit\ndata: (.*)\n\n/gm)];
    if (events.length < count) continue;
    return events.map(([, id, data]) => ({ id: Number(id), record: JSON.parse(data as string) }));
  }
  return assert.fail(`ended after ${text}`);
}

const itemsOf = (events: readonly StreamEvent[]) =>
  events.map(({ id, record: { request } }) => [id, request?.client_id]);

describe('GET /x-medkit-audit/events', () => {
  it('sends the records of the log and then new ones, in the form of the list', async () => {
    const { put, stream, app } = await setUp();
    await put(LOGS, { max_entries: 7 });
    const reply = await stream();
    await put(LOGS, { max_entries: 8 }, 'bob');
    const events = await taken(reply, 2);
    assert.deepEqual(itemsOf(events), [
      [1, 'alice'],
      [2, 'bob'],
    ]);
    for (const { record } of events) assert.deepEqual(Compile(AuditRecord).Errors(record), []);
    const { items } = (await app.inject({ url: `${API}/x-medkit-audit`, headers: { host: 'localhost' } })).json();
    assert.deepEqual(events.map(({ record }) => record).reverse(), items);
  });

  it('continues after the last record that the client has seen, and misses none of a burst', async () => {
    const { put, first } = await setUp();
    const numbers = Array.from({ length: 250 }, (_, at) => at + 1);
    for (const number of numbers.slice(0, 20)) await put(LOGS, { max_entries: number });
    const reading = first(245, '', { 'last-event-id': '5' });
    for (const number of numbers.slice(20)) assert.equal(await put(LOGS, { max_entries: number }), 204);
    assert.deepEqual(
      (await reading).map(({ id }) => id),
      numbers.slice(5),
    );
    assert.deepEqual(
      (await first(100)).map(({ id }) => id),
      numbers.slice(150),
      'the last hundred for whoever has seen nothing',
    );
  });

  it('sends only the records that match the search, past and new ones', async () => {
    const { put, stream } = await setUp();
    for (const client of ['alice', 'bob']) {
      await put(LOGS, { max_entries: 7 }, client);
      await put('/apps/nobody/configurations/rate', { data: 1 }, client);
    }
    const [bobs, configurations, refused] = await Promise.all([
      stream('?client=bob'),
      stream('?collection=configurations&until=2000-01-01T00:00:00Z'),
      stream('?operation_id=setAppLogConfiguration&outcome=refused'),
    ]);
    await put(LOGS, { max_entries: 'many' }, 'carol');
    await put('/apps/nobody/configurations/rate', { data: 1 }, 'bob');
    assert.deepEqual(itemsOf(await taken(bobs, 3)), [
      [3, 'bob'],
      [4, 'bob'],
      [6, 'bob'],
    ]);
    assert.deepEqual(itemsOf(await taken(configurations, 3)), [
      [2, 'alice'],
      [4, 'bob'],
      [6, 'bob'],
    ]);
    assert.deepEqual(itemsOf(await taken(refused, 1)), [[5, 'carol']]);
  });

  it('rejects search parameters that it does not support', async () => {
    const { stream } = await setUp();
    const reply = await stream('?kind=faults');
    const { error_code, parameters } = (await reply.json()) as Record<string, unknown>;
    assert.deepEqual([reply.status, error_code], [400, 'invalid-parameter']);
    assert.deepEqual(parameters, { parameter: 'kind', value: 'faults' });
  });
});
