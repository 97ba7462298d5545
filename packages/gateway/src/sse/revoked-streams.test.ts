import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Admission, type AdmissionEnd, admissionCheck } from '../security/admission.ts';
import { openPrincipals } from '../security/identify.ts';
import type { Identity } from '../security/identity.ts';
import { MemoryClient } from '../testing/memory-client.ts';
import { eventFrame } from './event-frame.ts';
import { EventStreams } from './event-streams.ts';

const STREAMS = 1000;
const NEWS = eventFrame({ id: 1, data: 'news' });

const pluginOf = (name: string): Principal => ({
  id: `plugin:${name}`,
  kind: 'plugin',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
});

/** Streams of a gateway with this token; access is checked as in the gateway, or by `endOf`. */
function setUp(token: string, endOf?: (admission: Admission) => AdmissionEnd | undefined) {
  const clock = new SimulatedClock();
  const principals = openPrincipals({ token, random: seededRandom(1) });
  const { current, onDismissal } = principals;
  const streams = new EventStreams({ clock, maxClients: 5000, endOf: endOf ?? admissionCheck(current) });
  onDismissal(() => streams.judge());
  const identify = (authorization: string | undefined) =>
    principals.identify({ method: 'GET', url: '/', headers: { authorization } }) as Identity;
  const follow = (authorization: string | undefined, identity = identify(authorization)) => {
    const stream = streams.open('faults');
    const client = new MemoryClient();
    stream.begin(client.response, { ...identity, need: 'read' });
    return { stream, client };
  };
  const figures = () => streams.health().blocks['x-medkit-event-streams'];
  return { clock, principals, identify, follow, figures };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Advances the clock in small steps, and runs pending work in each. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(100);
    await turn();
  }
}

describe('the streams of a principal whose access was revoked', () => {
  for (const token of ['', 'a-long-enough-secret']) {
    it(`end within a second, a thousand of them, and no others ${token ? 'with' : 'without'} a token`, async () => {
      const { clock, principals, follow, figures } = setUp(token);
      const [gone, other] = [principals.admit(pluginOf('plc')), principals.admit(pluginOf('mqtt'))];
      const ending = Array.from({ length: STREAMS }, () => follow(gone));
      const staying = [other, token ? `Bearer ${token}` : undefined].map((header) => follow(header));
      const deaf = ending.slice(0, 10);
      await turn();
      for (const { client, stream } of deaf) {
        client.stopReading();
        for (let n = 0; n < 50; n++) stream.send(eventFrame({ id: n, data: 'x'.repeat(10_000) }));
      }
      await turn();
      principals.dismiss(gone);
      for (const { stream } of [...ending, ...staying]) stream.send(NEWS);
      await pass(clock, 1000);
      assert.deepEqual(
        ending.filter(({ client, stream }) => client.isConnected || !stream.signal.aborted),
        [],
      );
      assert.equal(
        ending.at(-1)?.client.text,
        ':connected\n\nevent: x-medkit-auth\ndata: {"reason":"revoked","retry":false}\n\n',
      );
      assert.deepEqual(
        staying.map(({ client }) => [client.isConnected, client.text]),
        staying.map(() => [true, ':connected\n\nid: 1\ndata: news\n\n']),
      );
      assert.deepEqual(figures(), { clients: 2, max_clients: 5000, cut_off: 0, revoked: STREAMS });
      for (const { client } of staying) client.leave();
      await turn();
      assert.equal(clock.timers, 0);
    });
  }

  it('end within a minute also without a notice of the revocation, by one timer for all', async () => {
    const refused = new Set<string>();
    const { clock, principals, follow } = setUp('', ({ principal }) =>
      refused.has(principal.id) ? 'revoked' : undefined,
    );
    const streams = ['plc', 'mqtt', 'plc'].map((name) => follow(principals.admit(pluginOf(name))));
    assert.equal(clock.timers, 1);
    refused.add('plugin:plc');
    await pass(clock, 61_000);
    assert.deepEqual(
      streams.map(({ client }) => client.isConnected),
      [false, true, false],
    );
    assert.equal(clock.timers, 1);
    for (const { client } of streams) client.leave();
    await turn();
  });

  it('end also if access was revoked while they were being opened', async () => {
    const { clock, principals, identify, follow } = setUp('');
    const bearer = principals.admit(pluginOf('plc'));
    const before = identify(bearer);
    principals.dismiss(bearer);
    const { client } = follow(bearer, before);
    await pass(clock, 1000);
    assert.equal(client.isConnected, false);
  });

  it('end also if they are cut off already and wait for a client that does not read', async () => {
    const { clock, principals, follow } = setUp('');
    const bearer = principals.admit(pluginOf('plc'));
    const { stream, client } = follow(bearer);
    await turn();
    client.stopReading();
    stream.cutOff('too slow');
    principals.dismiss(bearer);
    await pass(clock, 1000);
    assert.deepEqual([client.isConnected, clock.timers], [false, 0]);
  });
});
