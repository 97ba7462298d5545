import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type GatewayProcess, type Json, parseExactly, startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const LIDAR = '/apps/lidar';
const MOTOR_HOT = 'call /fault_manager/report_fault ros2_medkit_msgs/srv/ReportFault MOTOR_HOT 0 2 /lidar too hot';

/** Follows the events of a subscription of the lidar until it is closed. */
async function follow({ api }: GatewayProcess, id: string) {
  const abort = new AbortController();
  const reply = await fetch(`${api}${LIDAR}/cyclic-subscriptions/${id}/events`, { signal: abort.signal });
  assert.equal(reply.headers.get('content-type'), 'text/event-stream');
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const part of reply.body ?? []) text += decoder.decode(part, { stream: true });
  })();
  const ended = reading.then(
    () => true,
    () => false,
  );
  const events = () => [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data = '']) => parseExactly(data));
  return {
    events,
    payloads: () => events().flatMap(({ payload }) => payload ?? []),
    ended,
    leave: () => abort.abort(),
  };
}

const LATER = 'pub /later std_msgs/msg/String rate=5 quiet';

peerSuite('cyclic subscriptions to what real DDS processes publish', {}, () => {
  test('report data and faults, also of a topic that disappears and returns, and end when they are deleted', {
    timeout: 60_000,
  }, async () => {
    await using gateway = await startGateway({ domainId: DOMAIN, settings: ['fault_manager.mode=own'] });
    await using peer = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN,
      commands: ['node /lidar', 'pub /chatter std_msgs/msg/String rate=100 quiet', LATER, MOTOR_HOT],
    });
    assert.deepEqual((await peer.event('answer')).value, { accepted: true });
    await eventually('the lidar', async () => (await gateway.ask('GET', LIDAR)).status === 200);
    const subscribe = async (path: string): Promise<string> => {
      const { status, body } = await gateway.ask('POST', `${LIDAR}/cyclic-subscriptions`, {
        resource: `/api/v1${LIDAR}/${path}`,
        interval: 'normal',
        duration: 3600,
      });
      assert.equal(status, 201, JSON.stringify(body));
      return body['id'];
    };
    await eventually('both topics', async () => {
      const { body } = await gateway.ask('GET', `${LIDAR}/data`);
      return body['items'].length >= 2;
    });
    const [chatter, faults, later] = [
      await follow(gateway, await subscribe('data/chatter')),
      await follow(gateway, await subscribe('faults')),
      await follow(gateway, await subscribe('data/later')),
    ];
    await eventually('values', async () => chatter.payloads().length >= 10);
    const values = chatter.payloads().map(({ id, data }: Json) => {
      assert.equal(id, '/chatter');
      return String(data.data);
    });
    assert.equal(new Set(values).size, values.length, 'each is another one');
    const times = chatter.events().map(({ timestamp }) => Date.parse(timestamp));
    const seconds = (Number(times.at(-1)) - Number(times[0])) / 1000;
    assert.ok(times.length <= 2 + seconds * 5.5, `${times.length} events in ${seconds} s`);

    await eventually('the fault', async () => faults.payloads().some(({ count }: Json) => count === 1));
    assert.equal(faults.payloads().at(-1)?.['faults'][0].fault_code, 'MOTOR_HOT');

    await eventually('the other topic', async () => later.payloads().length > 0);
    peer.command('close /later');
    await eventually('its end', async () => {
      const { body } = await gateway.ask('GET', `${LIDAR}/data`);
      return body['items'].length === 1;
    });
    const soFar = later.payloads().length;
    peer.command(LATER);
    await eventually('the topic that comes again', async () => later.payloads().length > soFar);
    peer.command('close /later');

    for (const { id } of (await gateway.ask('GET', `${LIDAR}/cyclic-subscriptions`)).body['items']) {
      assert.equal((await gateway.ask('DELETE', `${LIDAR}/cyclic-subscriptions/${id}`)).status, 204);
    }
    for (const { ended } of [chatter, faults, later]) assert.equal(await ended, true);
    const { body } = await gateway.ask('GET', '/health');
    assert.equal(body['x-medkit-data-provider'].watched_topics, 0);
    assert.equal(body['x-medkit-cyclic-subscriptions'].viewers, 0);
  });
});
