import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { app, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';
import { ORIGINAL } from './stand-in.ts';
import { followed } from './stream-client.ts';

const opened: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/**
 * A gateway with the event ids of ros2_medkit: numbers from 1 in each of its runs. A client without a last id receives
 * the last hundred events, one with an id the events after it.
 */
async function original(port = 0) {
  let lines: string[] = [];
  const lastIds: (string | undefined)[] = [];
  const clients = new Set<ServerResponse>();
  const server = createServer(({ url = '', headers }, response) => {
    const path = url.replace('/api/v1', '').split('?')[0] ?? '';
    if (path === '/faults/stream') {
      const lastId = headers['last-event-id'];
      lastIds.push(lastId === undefined ? undefined : String(lastId));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const line of lines.slice(Math.min(Number(lastId ?? 0), lines.length))) response.write(line);
      response.flushHeaders();
      clients.add(response);
      response.once('close', () => clients.delete(response));
      return;
    }
    const reply = ORIGINAL[path];
    const [status, body] = Array.isArray(reply) ? reply : reply ? [200, reply] : [404, { error_code: 'x' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastIds,
    streams: () => clients.size,
    happens: (code: string, event: 'fault_confirmed' | 'fault_cleared' = 'fault_confirmed', status = 'CONFIRMED') => {
      const fault = { fault_code: code, severity: 2, severity_label: 'ERROR', status, reporting_sources: ['/valve'] };
      const data = { event_type: event, fault, timestamp: 1_770_201_000.5 + lines.length };
      const about = { 'x-medkit': { entity_type: 'apps', entity_id: 'valve' } };
      const line = `id: ${lines.length + 1}\nevent: ${event}\ndata: ${JSON.stringify({ ...data, ...about })}\n\n`;
      lines.push(line);
      for (const client of clients) client.write(line);
    },
    /** Its process ends and a new one starts without the old events. */
    startAnew: () => {
      lines = [];
      for (const client of clients) client.destroy();
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  opened.push(gateway);
  return gateway;
}

describe('a stream of a gateway that restarts its event numbers in each run', () => {
  it('has past and new events, in local names, also after that gateway restarted', async () => {
    const plc = await original();
    plc.happens('A1');
    plc.happens('A2');
    const robot = { apps: [app('valve')], providers: { faults: memoryFaults() } };
    const head = await realGateway({ instance: 'head', robot, peers: { plc: plc.url } });
    opened.push(head);
    await eventually('the tree', async () => (await head.ask('GET', '/apps/plc__valve')).status === 200);
    const follow = async (lastId?: string) => {
      const client = await followed(`${head.url}/api/v1/faults/stream`, lastId);
      opened.push(client);
      const codes = () => client.events.map(({ data }) => JSON.parse(data).fault.fault_code).join();
      return { ...client, events: client.events, codes };
    };
    const client = await follow();
    await eventually('the past', async () => client.codes() === 'A1,A2');
    const received = JSON.parse(client.events[0]?.data ?? '');
    assert.deepEqual([received['x-medkit'].entity_id, received['x-medkit-origin']], ['plc__valve', 'plc']);
    assert.equal(client.events[1]?.id, '0~plc.2');
    plc.happens('A3');
    await eventually('the next', async () => client.codes() === 'A1,A2,A3');
    plc.happens('A3', 'fault_cleared', 'HEALED');
    await eventually('both', async () => client.events.length === 5);
    assert.deepEqual(
      client.events.slice(3).map(({ event }) => event),
      ['fault_healed', 'fault_cleared'],
    );
    const back = await follow('0~plc.2');
    await eventually('what was missed', async () => back.codes() === 'A3,A3,A3');
    assert.equal(plc.streams(), 1);

    plc.startAnew();
    plc.happens('B1');
    await eventually('that it is followed again', async () => plc.streams() === 1);
    plc.happens('B2');
    for (const each of [client, back])
      await eventually('all of its second run', async () => each.codes().endsWith('B1,B2'));
    assert.equal(client.codes(), 'A1,A2,A3,A3,A3,B1,B2');
    for (const each of [client, back]) each.close();
    await eventually('the end', async () => plc.streams() === 0);
  });
});
