import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';
import { listedStatus } from '@medkit/core/faults';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';

import { IslandSender } from '../harness/island-sender.ts';
import { type Program, startProgram } from '../harness/program.ts';

const KEY = '0123456789abcdef'.repeat(4);
const RECORDER = pathToFileURL(join(import.meta.dirname, '..', 'harness', 'record-modules.ts'));
const COMMAND = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
const OF_DDS = /\/packages\/(?:wire\/(?:rtps|ros2)\/|runtimes\/ros2\/)/;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

interface Gateway {
  readonly program: Program;
  readonly api: string;
}

const folder = mkdtempSync(join(tmpdir(), 'medkit-island-'));
const socket = join(folder, 'ingest.sock');
const modules = join(folder, 'modules.txt');
writeFileSync(join(folder, 'key'), `${KEY}\n`);

/** Starts a gateway in a separate process, on a reserved port or the given one. */
async function startGateway(
  args: readonly string[],
  port?: number,
  env: Record<string, string> = {},
): Promise<Gateway> {
  const program = startProgram([...args, '--port', String(port ?? (await freePort()))], {
    command: [process.execPath, '--import', RECORDER.href, COMMAND],
    env,
  });
  const [, url] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  return { program, api: `${url}/api/v1` };
}

const startIsland = (port?: number): Promise<Gateway> =>
  startGateway(
    [
      'island',
      '--data-dir',
      join(folder, 'island'),
      '--set',
      `island.key_file=${join(folder, 'key')}`,
      '--set',
      `island.listen=unix:${socket}`,
    ],
    port,
    { MEDKIT_TEST_LOADED_MODULES: modules },
  );

const ask = async ({ api }: Gateway, path: string): Promise<Json> => (await fetch(`${api}${path}`)).json();
const faultAt = async (gateway: Gateway, code = 'PROTECTIVE_STOP', status = 'all'): Promise<Json> =>
  (await ask(gateway, `/faults?status=${status}`)).items.find(({ fault_code }: Json) => fault_code === code);
const statusAt = async (gateway: Gateway, code?: string): Promise<string> =>
  listedStatus((await faultAt(gateway, code)) ?? {});
const countsOf = async (gateway: Gateway): Promise<Json> => (await ask(gateway, '/health'))['x-medkit-ingest'];

describe('a gateway to an island, aggregated by another one', { timeout: 240_000 }, () => {
  let island: Gateway;
  let head: Gateway;
  let sender: IslandSender;

  before(async () => {
    island = await startIsland();
    const origin = new URL(island.api).origin;
    const peers = ['aggregation.enabled=true', `aggregation.peer_urls=${origin}`, 'aggregation.peer_names=rtmaps'];
    const settings = ['ros.enabled=false', ...peers].flatMap((setting) => ['--set', setting]);
    head = await startGateway(['up', '--data-dir', join(folder, 'head'), ...settings]);
    sender = new IslandSender({ address: `unix:${socket}`, key: KEY });
  });

  after(async () => {
    sender?.close();
    await Promise.all([head?.program.end(), island?.program.end()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * Sends earlier messages again, one after the other: a burst of a sender that never waits would mostly be dropped.
   */
  const replay = async (messages: readonly Uint8Array[]): Promise<void> => {
    for (const octets of messages) {
      sender.replay(octets);
      await delay(1);
    }
  };

  it('has the declared entities of the runtime in the tree of both, and its ports as data', async () => {
    for (const gateway of [island, head]) {
      const area = await eventually('the area', async () =>
        (await ask(gateway, '/areas')).items.find(({ id }: Json) => id === 'safety_island'),
      );
      assert.equal(area.name, 'Safety Island');
      const gate = await eventually('the gate is there', async () => {
        const app = await ask(gateway, '/apps/safety_gate');
        return app['x-medkit']?.is_online === true ? app : undefined;
      });
      assert.equal(gate.name, 'Safety gate');
      assert.equal((await ask(gateway, '/apps/safety_gate/data/min_range_m')).value, 2.749);
    }
  });

  it('reports a protective stop in the list of the head, with exactly the printed members', async () => {
    sender.rangeM = 0.11;
    sender.result = 'failed';
    const fault = await eventually('the fault with its frame', async () => {
      const reply = await faultAt(head, 'PROTECTIVE_STOP', 'confirmed');
      return reply?.environment_data ? reply : undefined;
    });
    const { first_occurred, environment_data, ...rest } = fault;
    assert.ok(first_occurred > 1.7e9);
    const printed = {
      fault_code: 'PROTECTIVE_STOP',
      fault_name: 'RTMaps fault PROTECTIVE_STOP',
      severity: 2,
      severity_label: 'error',
      status: { aggregatedStatus: 'active', confirmedDTC: '1', testFailed: '1' },
      reporting_sources: ['safety_gate'],
      entity_id: 'safety_gate',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(printed).map((name) => [name, rest[name]])), printed);
    const [frame, ...others] = environment_data.snapshots;
    assert.deepEqual([others, Object.keys(frame)], [[], ['type', 'name', 'data']]);
    assert.deepEqual([frame.type, frame.name], ['freeze_frame', 'RTMaps freeze-frame']);
    assert.deepEqual(Object.keys(frame.data), ['commanded_vx', 'min_range_m', 'stop_threshold_m']);
    for (const [port, value, last] of [
      ['commanded_vx', 0, 0],
      ['min_range_m', 0.11, 0.11],
      ['stop_threshold_m', 0.8, 0.8],
    ] as const) {
      const { value: current, history, ...more } = frame.data[port];
      assert.deepEqual([current, history.at(-1)[1], more], [value, last, {}]);
      for (const [timeUs, at] of history) {
        assert.ok(Number.isSafeInteger(timeUs) && timeUs > 35_000_000_000 && timeUs < 36_000_000_000, `${timeUs}`);
        assert.equal(typeof at, 'number');
      }
    }
    assert.ok(
      frame.data.min_range_m.history.some(([, at]: Json) => at === 2.749),
      'the range before it',
    );
  });

  it('shows the present values of the ports next to their history', async () => {
    sender.rangeM = 5;
    const frame = await eventually('the range of now', async () => {
      const { data } = (await faultAt(head)).environment_data.snapshots[0];
      return data.min_range_m.value === 5 ? data.min_range_m : undefined;
    });
    assert.equal(frame.history.at(-1)[1], 0.11);
  });

  it('has a recording of the same seconds', async () => {
    const detail = await eventually('the recording', async () => {
      const reply = await ask(head, '/apps/safety_gate/faults/PROTECTIVE_STOP');
      return reply.environment_data.snapshots.some(({ type }: Json) => type === 'rosbag') ? reply : undefined;
    });
    assert.equal(detail.item.fault_name, 'RTMaps fault PROTECTIVE_STOP');
    const bag = detail.environment_data.snapshots.find(({ type }: Json) => type === 'rosbag');
    assert.equal(bag.format, 'mcap');
    const octets = new Uint8Array(await (await fetch(`${head.api}${bag.bulk_data_uri}`)).arrayBuffer());
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(octets.length),
        read: async (offset, length) => octets.slice(Number(offset), Number(offset + length)),
      },
      decompressHandlers: { zstd: (chunk) => new Uint8Array(zstdDecompressSync(chunk)) },
    });
    const [schema] = [...reader.schemasById.values()];
    assert.equal(schema?.name, 'medkit_island/msg/SafetyGate');
    assert.match(new TextDecoder().decode(schema?.data), /float64 min_range_m # m/);
    const ranges = new Set<number>();
    for await (const { data } of reader.readMessages({ topics: ['/safety_gate/ports'] })) {
      ranges.add(new DataView(data.buffer, data.byteOffset).getFloat64(4 + 8 + 8, true));
    }
    assert.ok(ranges.has(2.749) && ranges.has(0.11), [...ranges].join());
  });

  it('heals only with a test that passed', async () => {
    sender.stop();
    await eventually('the silence is told', async () => (await statusAt(head, 'INGEST_SILENT')) === 'CONFIRMED');
    // The head requests the tree of the island after its faults.
    const isOnline = async () => (await ask(head, '/apps/safety_gate'))['x-medkit'].is_online as boolean;
    await eventually('the gate is offline', async () => !(await isOnline()));
    // Sends all earlier messages again, including those that were accepted.
    const sent = [...sender.sent];
    await replay(sent);
    await eventually('the replay is counted', async () => (await countsOf(island)).repeated >= sent.length / 2);
    assert.deepEqual([await statusAt(head), await statusAt(head, 'INGEST_SILENT')], ['CONFIRMED', 'CONFIRMED']);
    sender.result = 'passed';
    const passing = setInterval(() => sender.send(), 20);
    try {
      await eventually('it heals', async () => (await statusAt(head)) === 'HEALED');
      await eventually('so does the silence', async () => (await statusAt(head, 'INGEST_SILENT')) === 'HEALED');
      const healed = await faultAt(head);
      assert.deepEqual(healed.status, { aggregatedStatus: 'cleared', confirmedDTC: '0', testFailed: '0' });
    } finally {
      clearInterval(passing);
    }
  });

  it('loses no reported fault when it is killed, and is named as missing meanwhile', async () => {
    sender.result = 'failed';
    sender.rangeM = 0.3;
    let sending = setInterval(() => sender.send(), 20);
    await eventually(
      'the second stop',
      async () => (await faultAt(head, 'PROTECTIVE_STOP', 'confirmed'))?.occurrence_count === 2,
    );
    // A copy is made once the evidence is available; its completion is not observable.
    await delay(4000);
    await island.program.end('SIGKILL');
    const copy = await eventually('the head says who is gone, and has a copy', async () => {
      const { items, 'x-medkit': about } = await ask(head, '/faults');
      return about.partial === true && items.find(({ fault_code }: Json) => fault_code === 'PROTECTIVE_STOP');
    });
    assert.equal(listedStatus(copy), 'CONFIRMED');
    assert.match(copy['x-medkit'].as_of, /Z$/);
    clearInterval(sending);
    island = await startIsland(Number(new URL(island.api).port));
    assert.equal(await statusAt(island), 'CONFIRMED', 'acknowledged before');
    assert.equal((await faultAt(island)).environment_data.snapshots[0].name, 'RTMaps freeze-frame');
    // Sends again what was sent before the kill: nothing heals. Messages after the last checkpoint on disk are
    // accepted, and still heal nothing.
    const sent = [...sender.sent];
    await replay(sent);
    await eventually('the replay is counted', async () => {
      const { repeated, accepted } = await countsOf(island);
      return repeated + accepted >= sent.length / 2;
    });
    assert.equal(await statusAt(island), 'CONFIRMED');
    sending = setInterval(() => sender.send(), 20);
    sender.result = 'passed';
    await eventually('what is fresh heals it', async () => (await statusAt(head)) === 'HEALED');
    assert.equal((await faultAt(head)).occurrence_count, 2);
    clearInterval(sending);
  });

  it('recovers from a pause: nothing is lost, and no runtime is reported as silent', async () => {
    const sending = setInterval(() => sender.send(), 20);
    await eventually('it is heard', async () => (await statusAt(island, 'INGEST_SILENT')) === 'HEALED');
    const before = (await faultAt(island, 'INGEST_SILENT')).occurrence_count;
    process.kill(island.program.pid, 'SIGSTOP');
    sender.result = 'failed';
    sender.send();
    sender.result = 'passed';
    await delay(1500);
    process.kill(island.program.pid, 'SIGCONT');
    await eventually('the stop of the meantime', async () => (await faultAt(head))?.occurrence_count === 3);
    await eventually('it has healed', async () => (await statusAt(head)) === 'HEALED');
    assert.equal((await faultAt(island, 'INGEST_SILENT')).occurrence_count, before);
    clearInterval(sending);
  });

  it('drops forged messages, and reports them', async () => {
    const forger = new IslandSender({ address: `unix:${socket}`, key: 'f'.repeat(64), session: sender.session + 1n });
    forger.result = 'failed';
    const forged = await eventually('the forged ones', async () => {
      const { forged } = await countsOf(island);
      return forged > 20 ? forged : undefined;
    });
    assert.ok(forged > 20);
    forger.close();
    const { warnings } = await ask(island, '/health');
    assert.ok(warnings.some(({ code }: Json) => code === 'ingest_forged'));
    assert.equal(await statusAt(island), 'HEALED');
  });

  it('loads no DDS module', () => {
    const loaded = readFileSync(modules, 'utf8').split('\n');
    assert.ok(loaded.some((url) => url.includes('/packages/runtimes/island/')));
    assert.deepEqual(
      loaded.filter((url) => OF_DDS.test(url)),
      [],
    );
  });
});
