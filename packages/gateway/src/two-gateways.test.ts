import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { cursorOf } from '@medkit/core';
import { fault, faultEvent } from '@medkit/core/testing';
import { faultGate } from '@medkit/updates';
import { faultFeed } from './fault-stream/fault-feed.ts';
import { EventStreams } from './sse/event-streams.ts';
import { MemoryClient } from './testing/memory-client.ts';
import { twoGateways } from './testing/two-gateways.ts';
import { uploadForm } from './testing/upload-form.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function setUp(options: Parameters<typeof twoGateways>[0] = {}) {
  const gateway = await twoGateways(options);
  opened.push(gateway);
  return gateway;
}

/** Sends a request; returns the reply and the time that passed on the gateway's clock. */
async function timed({ ask, clock }: Awaited<ReturnType<typeof twoGateways>>, path: string) {
  let isThere = false;
  const reply = ask('GET', path).finally(() => {
    isThere = true;
  });
  let ms = 0;
  for (; !isThere && ms < 20_000; ms += 50) {
    await clock.advanceAsync(50);
    await setImmediate();
  }
  return { ms, ...(await reply) };
}

/** Returns whether a timestamp matches the clock, which moves in steps during a request. */
function isLocalClient(time: string, wallMs: number): boolean {
  return Math.abs(Date.parse(time) - wallMs) <= 50;
}

describe('a gateway with the entities of another gateway', () => {
  it('lists all apps of both; an app of the other gateway with a local id gets an alias and a warning', async () => {
    const { ask } = await setUp();
    const items: readonly { readonly id: string }[] = (await ask('GET', '/apps')).body.items;
    assert.deepEqual(
      items.map(({ id }) => id),
      ['gripper', 'lidar_driver', 'peer_b__lidar_driver', 'planner'],
    );
    const { warnings } = (await ask('GET', '/health')).body;
    const [{ severity, since, docs, remedy, ...warning }, ...more] = warnings;
    assert.deepEqual([severity, docs, more], ['warning', 'docs/guides/federation.md', []]);
    assert.ok(since && remedy.text);
    assert.deepEqual(
      [warning],
      [
        {
          code: 'app_id_collision',
          message:
            'Ids of apps of peer_b are already in use on this gateway, so these apps are shown as peer_b__lidar_driver. Give one of each two apps another id.',
          entity_ids: ['lidar_driver', 'peer_b__lidar_driver'],
          ros_node_fqns: [],
          peer_names: ['peer_b'],
        },
      ],
    );
  });

  it('reads the data of each app at its runtime, whatever its id', async () => {
    const { ask } = await setUp();
    const scanOf = async (id: string) => (await ask('GET', `/apps/${id}/data/scan`)).body.data;
    assert.deepEqual(await scanOf('lidar_driver'), { of: 'ros2' });
    assert.deepEqual(await scanOf('peer_b__lidar_driver'), { of: 'peer_b' });
  });

  it('lists the faults of both', async () => {
    const { ask } = await setUp();
    const { status, body } = await ask('GET', '/faults');
    const faults: readonly { readonly fault_code: string; readonly description: string }[] = body.items;
    assert.deepEqual(
      [status, faults.map(({ fault_code, description }) => `${fault_code}: ${description}`).sort()],
      [200, ['MINE: MINE is wrong', 'SHARED: of peer_b', 'SHARED: of ros2', 'THEIRS: THEIRS is wrong']],
    );
  });

  it('lists the faults of an app only under that app', async () => {
    const { ask } = await setUp();
    const faultsOf = async (path: string) => {
      const items: readonly { readonly description: string }[] = (await ask('GET', `${path}/faults`)).body.items;
      return items.map(({ description }) => description);
    };
    assert.deepEqual(await faultsOf('/apps/lidar_driver'), ['of ros2', 'MINE is wrong']);
    assert.deepEqual(await faultsOf('/components/ros2_host'), ['of ros2', 'MINE is wrong']);
    assert.deepEqual(await faultsOf('/apps/peer_b__lidar_driver'), ['of peer_b', 'THEIRS is wrong']);
  });

  it('describes a fault as its fault manager does, and ignores what the other gateway reports about the same code', async () => {
    const { ask } = await setUp({ muting: ['peer_b'] });
    interface Item {
      readonly fault_code: string;
      readonly entity_id: string;
      readonly 'x-medkit': { readonly muted?: object };
    }
    const listed = async (path: string) => {
      const { items, 'x-medkit': counts } = (await ask('GET', path)).body;
      const rows = (items as readonly Item[]).map(
        ({ fault_code, entity_id, 'x-medkit': { muted } }) => `${fault_code} ${entity_id}${muted ? ' muted' : ''}`,
      );
      return [rows.sort(), counts.muted_count];
    };
    const mine = ['MINE lidar_driver', 'SHARED lidar_driver'];
    assert.deepEqual(await listed('/faults'), [[...mine, 'THEIRS peer_b__lidar_driver'].sort(), 1]);
    const all = [...mine, 'SHARED peer_b__lidar_driver muted', 'THEIRS peer_b__lidar_driver'];
    assert.deepEqual(await listed('/faults?include_muted=true'), [all.sort(), 1]);
    assert.deepEqual(await listed('/apps/lidar_driver/faults'), [mine, 0]);
    assert.deepEqual(await listed('/apps/peer_b__lidar_driver/faults'), [['THEIRS peer_b__lidar_driver'], 1]);
    assert.deepEqual((await listed('/areas/hall/faults'))[0], [...mine, 'THEIRS peer_b__lidar_driver']);
  });

  it('reports the other gateway as missing from the list of faults after a second, if it does not answer', async () => {
    const gateway = await setUp({ mute: ['peer_b'] });
    const sinceMs = gateway.clock.wallMs();
    for (const path of ['/faults', '/areas/hall/faults']) {
      const { ms, status, body } = await timed(gateway, path);
      assert.deepEqual([status, body.items.length, body['x-medkit'].partial], [200, 2, true]);
      const message = '/fault_manager did not answer before the deadline';
      const missing = body['x-medkit'].failed_members;
      assert.deepEqual(missing, [{ entity_id: 'fault_manager', runtime: 'peer_b', message, since: missing[0]?.since }]);
      assert.ok(isLocalClient(missing[0].since, sinceMs));
      assert.ok(ms >= 1000 && ms <= 1200, `${path}: ${ms} ms`);
    }
  });

  it('does not wait for the other gateway for its local entities', async () => {
    const gateway = await setUp({ mute: ['peer_b'] });
    for (const path of ['faults', 'faults/SHARED', 'data/scan', 'operations', 'bulk-data/snapshots']) {
      const { ms, status } = await timed(gateway, `/apps/lidar_driver/${path}`);
      assert.deepEqual([path, status, ms <= 50], [path, 200, true]);
    }
    assert.deepEqual(
      gateway.calls.filter((call) => call.startsWith('peer_b')),
      [],
    );
  });

  it('has no apps, faults and warnings of the other gateway once that is removed', async () => {
    const { ask, model, peer } = await setUp();
    await model.remove(peer.name);
    const { items } = (await ask('GET', '/apps')).body;
    assert.deepEqual(
      items.map(({ id }: { readonly id: string }) => id),
      ['lidar_driver', 'planner'],
    );
    const codes = (await ask('GET', '/faults')).body.items.map((item: { fault_code: string }) => item.fault_code);
    assert.deepEqual(codes.sort(), ['MINE', 'SHARED']);
    assert.deepEqual((await ask('GET', '/health')).body.warnings, []);
  });

  it('does not resolve the name of a removed local app to an app of the other gateway, nor to its data and faults', async () => {
    const { ask, model, mine } = await setUp();
    await model.remove(mine.name);
    for (const name of ['lidar_driver', 'lidar-driver']) {
      for (const path of ['', '/data', '/faults']) {
        assert.equal((await ask('GET', `/apps/${name}${path}`)).status, 404, `${name}${path}`);
      }
    }
    assert.equal((await ask('GET', '/apps/peer_b__lidar_driver')).body.id, 'peer_b__lidar_driver');
  });

  for (const collection of ['data', 'operations']) {
    it(`reports the other gateway as missing from ${collection} after a second, if it does not answer`, async () => {
      const gateway = await setUp({ mute: ['peer_b'] });
      const { ms, status, body } = await timed(gateway, `/areas/hall/${collection}`);
      assert.deepEqual([status, body.items.length, body['x-medkit'].partial], [200, 1, true]);
      const missing: readonly { readonly runtime: string }[] = body['x-medkit'].failed_members;
      assert.deepEqual([...new Set(missing.map(({ runtime }) => runtime))], ['peer_b']);
      assert.ok(ms >= 1000 && ms <= 1200, `${ms} ms`);
    });

    it(`no longer waits for the other gateway once it is silent, and reports since when its ${collection} are missing`, async () => {
      const gateway = await setUp({ mute: ['peer_b'] });
      await gateway.clock.advanceAsync(10);
      const sinceMs = gateway.clock.wallMs();
      let lists = 0;
      for (; gateway.model.stateOf('peer_b')?.state !== 'silent'; lists += 1) {
        assert.ok(lists < 5);
        await timed(gateway, `/areas/hall/${collection}`);
      }
      const { ms, status, body } = await timed(gateway, `/areas/hall/${collection}`);
      assert.deepEqual([ms <= 50, status, body.items.length], [true, 200, 1]);
      const missing: readonly { readonly since: string; readonly message: string }[] = body['x-medkit'].failed_members;
      assert.ok(missing.every(({ since }) => isLocalClient(since, sinceMs)));
      assert.match(missing[0]?.message ?? '', /^peer_b has not answered since 2026-/);
    });

    it(`waits longer for a local runtime, which may be busy, before it reports it as missing from ${collection}`, async () => {
      const gateway = await setUp({ mute: ['ros2'] });
      const { ms, body } = await timed(gateway, `/areas/hall/${collection}`);
      assert.equal(body['x-medkit'].failed_members[0].runtime, 'ros2');
      assert.ok(ms > 8000, `${ms} ms`);
    });
  }

  it('streams fault events of both with their origin, and continues at the last event of a client for each', async () => {
    const { clock, model, mine, peer, events } = await setUp();
    const feed = faultFeed(model, clock, new EventStreams({ clock, maxClients: 10 }));
    const announce = ({ name, announce: send }: typeof mine, id: number) => {
      const event = faultEvent(id, { fault: fault('SHARED') });
      events[name]?.push(event);
      send(event);
    };
    const follow = async (lastId?: string) => {
      const client = new MemoryClient();
      (await feed.open(cursorOf(lastId))).begin(client.response);
      return async () => {
        for (let turns = 0; turns < 20; turns++) await setImmediate();
        return [...client.text.matchAll(/^id: (.+)\nevent: .+\ndata: (.+)$/gm)].map(([, id, data = '']) => {
          const payload = JSON.parse(data);
          return [id, payload['x-medkit-origin'], payload['x-medkit'].entity_id];
        });
      };
    };
    announce(mine, 1);
    announce(peer, 7);
    const received = await follow();
    assert.equal((await received()).length, 2);
    announce(peer, 8);
    announce(mine, 2);
    const ofMine = (id: string) => [id, undefined, 'lidar_driver'];
    const ofPeer = (id: string) => [id, 'peer_b', 'peer_b__lidar_driver'];
    assert.deepEqual(await received(), [
      ofMine('1~peer_b.6'),
      ofPeer('1~peer_b.7'),
      ofPeer('1~peer_b.8'),
      ofMine('2~peer_b.8'),
    ]);
    assert.deepEqual(await (await follow('1~peer_b.7'))(), [ofMine('2~peer_b.7'), ofPeer('2~peer_b.8')]);
    assert.deepEqual(await (await follow('1'))(), [ofMine('2~peer_b.8')], 'from before there was another one');
  });

  it('does not fire local triggers for a fault that the other gateway announces', async () => {
    const { ask, mine, peer } = await setUp();
    const trigger = { resource: '/api/v1/apps/lidar_driver/faults', trigger_condition: { condition_type: 'OnChange' } };
    assert.equal((await ask('POST', '/apps/lidar_driver/triggers', trigger)).status, 201);
    const statusOf = async () => (await ask('GET', '/apps/lidar_driver/triggers/trig_1')).body.status;
    for (const id of [1, 2, 3]) peer.announce(faultEvent(id, { fault: fault('SHARED') }));
    assert.equal(await statusOf(), 'active');
    for (const id of [1, 2]) mine.announce(faultEvent(id, { fault: fault('SHARED') }));
    assert.equal(await statusOf(), 'terminated');
  });

  it('has a log only of local apps, with the entries of their nodes', async () => {
    const { ask, mine } = await setUp();
    for (const logger of ['lidar_driver', 'gripper']) {
      mine.record({ timestampNs: 1n, severity: 'error', logger, message: `${logger} of mine` });
    }
    const { body } = await ask('GET', '/apps/lidar_driver/logs');
    assert.deepEqual(
      body.items.map(({ message }: { readonly message: string }) => message),
      ['lidar_driver of mine'],
    );
    for (const id of ['peer_b__lidar_driver', 'gripper']) {
      assert.equal((await ask('GET', `/apps/${id}/logs`)).status, 501);
    }
  });

  it('rejects scripts, locks, triggers, subscriptions and files of an app of the other gateway, and names that gateway', async () => {
    const { ask, server } = await setUp();
    const app = '/apps/peer_b__lidar_driver';
    const script = { name: 'file', filename: 'check.sh', content: 'echo fine\n' };
    const upload = async (path: string) => (await uploadForm(server, `/api/v1${path}`, [script])).statusCode;
    const trigger = { resource: `/api/v1${app}/faults`, trigger_condition: { condition_type: 'OnChange' } };
    const subscription = { resource: `/api/v1${app}/faults`, interval: 'normal', duration: 60 };
    for (const [collection, body] of [
      ['locks', { lock_expiration: 60 }],
      ['triggers', trigger],
      ['cyclic-subscriptions', subscription],
      ['scripts', undefined],
      ['fault-triggers', undefined],
    ] as const) {
      const replies = [await ask('GET', `${app}/${collection}`)];
      if (body) replies.push(await ask('POST', `${app}/${collection}`, body));
      for (const { status, body: error } of replies) {
        assert.deepEqual([collection, status, error.error_code], [collection, 501, 'not-implemented']);
        assert.deepEqual(error.parameters, { entity_id: 'peer_b__lidar_driver', collection, gateway: 'peer_b' });
      }
      assert.equal((await ask('GET', `/apps/lidar_driver/${collection}`)).status, 200);
    }
    assert.deepEqual(
      [
        await upload(`${app}/scripts`),
        await upload('/apps/lidar_driver/scripts'),
        await upload(`${app}/bulk-data/maps`),
      ],
      [501, 201, 501],
    );
    assert.equal((await ask('GET', `${app}/configurations`)).status, 501);
    assert.deepEqual((await ask('GET', `${app}/bulk-data`)).body.items, ['rosbags', 'snapshots']);
    assert.equal((await ask('GET', `${app}/bulk-data/maps`)).status, 404);
    assert.equal((await ask('GET', '/apps/lidar_driver/bulk-data/maps')).status, 200);
  });

  it('lists for each app the collections that can be requested here, in its details and in its OpenAPI document', async () => {
    const { ask } = await setUp();
    const collections = async (id: string) => {
      const capabilities: readonly { readonly name: string }[] = (await ask('GET', `/apps/${id}`)).body.capabilities;
      const { paths } = (await ask('GET', `/apps/${id}/docs`)).body;
      const described = new Set(Object.keys(paths).map((path) => path.split('/')[3]));
      const names = capabilities.map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => !described.has(name)),
        [],
      );
      return names;
    };
    const theirs = ['status', 'data', 'operations', 'faults', 'bulk-data', 'is-located-on', 'belongs-to'];
    assert.deepEqual(await collections('peer_b__lidar_driver'), theirs);
    const here = ['configurations', 'logs', 'cyclic-subscriptions', 'triggers', 'scripts', 'locks'];
    assert.deepEqual((await collections('lidar_driver')).sort(), [...theirs, ...here].sort());
  });

  it('rejects writes to local apps below a locked area, and leaves apps of the other gateway to that gateway', async () => {
    const { ask } = await setUp();
    const lock = await ask('POST', '/areas/hall/locks', { lock_expiration: 60 }, 'alice');
    assert.equal(lock.status, 201);
    const write = (id: string) => ask('PUT', `/apps/${id}/data/scan`, { type: 'x/msg/X', data: {} }, 'bob');
    assert.equal((await write('lidar_driver')).body.error_code, 'lock-broken');
    assert.equal((await write('peer_b__lidar_driver')).status, 200);
  });

  it('does not roll back a local update for a fault of the other gateway, announced or found after a start', async () => {
    const { clock, model, mine, peer, calls } = await setUp();
    const codes: string[] = [];
    const gate = faultGate({ model, clock, log: () => undefined, leastSeverity: 0 });
    const stop = gate.watch({ entities: [], sinceMs: 0 }, (code) => codes.push(code));
    await clock.advanceAsync(100);
    assert.deepEqual(codes.sort(), ['MINE', 'SHARED']);
    assert.deepEqual(
      calls.filter((call) => call.startsWith('peer_b')),
      [],
    );
    peer.announce(faultEvent(1, { fault: fault('TORN') }));
    assert.equal(codes.length, 2);
    mine.announce(faultEvent(1, { fault: fault('WORN') }));
    assert.equal(codes.at(-1), 'WORN');
    stop();
  });

  it('clears a fault of a local app, and not the fault with the same code at the other gateway', async () => {
    const { ask, calls } = await setUp();
    assert.equal((await ask('DELETE', '/apps/lidar_driver/faults/SHARED')).status, 204);
    assert.deepEqual(
      calls.filter((call) => call.includes('clear')),
      ['ros2 clear SHARED'],
    );
  });

  it('clears only local faults if all faults are cleared', async () => {
    const { ask, calls } = await setUp();
    assert.equal((await ask('DELETE', '/faults')).status, 204);
    assert.deepEqual(
      calls.filter((call) => call.includes('clear')),
      ['ros2 clear SHARED', 'ros2 clear MINE'],
    );
  });
});
