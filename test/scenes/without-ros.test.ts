import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMAND = join(ROOT, 'packages', 'programs', 'cli', 'src', 'main.ts');
const RECORDER = pathToFileURL(join(import.meta.dirname, '..', 'harness', 'record-modules.ts'));
/** First module of a plugin's process. */
const SERVE_PLUGIN = join(ROOT, 'packages', 'plugins', 'api', 'src', 'isolated', 'serve-plugin.ts');
const PLUGIN = join(ROOT, 'examples', 'custom-plugin', 'plugin.ts');
/** Files that use DDS or the graph. */
const OF_ROS = /\/packages\/(?:wire\/|runtimes\/ros2\/)/;
const PATIENCE_MS = 30_000;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** A gateway without a graph, with the example plugin. */
class Station {
  readonly #folder: string;
  readonly #settings: readonly string[];
  #program: Program | undefined;
  #api = '';

  constructor(folder: string, settings: readonly string[]) {
    this.#folder = folder;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const settings = this.#settings.flatMap((setting) => ['--set', setting]);
    const program = startProgram(['up', '--port', '0', '--data-dir', join(this.#folder, 'data'), ...settings], {
      command: [process.execPath, '--import', RECORDER.href, COMMAND],
      env: { MEDKIT_TEST_LOADED_MODULES: join(this.#folder, 'modules.txt') },
    });
    this.#program = program;
    const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
    this.#api = `${url}/api/v1`;
    await program.printed(/runs without ROS/);
    await eventually('the app is there', async () =>
      (await this.ask('/apps')).items.some(({ id }: Json) => id === 'filling_station'),
    );
  }

  async ask(path: string, body?: object, client = 'bench'): Promise<Json> {
    const reply = await fetch(`${this.#api}${path}`, {
      headers: { 'x-client-id': client, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { ...((await reply.json()) as object), http: reply.status };
  }

  async clear(): Promise<void> {
    const reply = await fetch(`${this.#api}/apps/filling_station/faults/TANK_LOW`, {
      method: 'DELETE',
      headers: { 'x-client-id': 'bench' },
    });
    assert.equal(reply.status, 204);
  }

  fault(): Promise<Json> {
    return this.ask('/apps/filling_station/faults/TANK_LOW');
  }

  async stop(): Promise<void> {
    assert.equal(await this.#program?.end('SIGTERM'), 0, this.#program?.output());
  }

  modulesOfRos(): readonly string[] {
    return modulesOfRos(join(this.#folder, 'modules.txt'), '/packages/resources/faults/src/');
  }
}

/** Returns ROS modules in a record of loaded modules, which must also contain `one`. */
function modulesOfRos(record: string, one: string): readonly string[] {
  const lines = readFileSync(record, 'utf8').split('\n');
  assert.ok(
    lines.some((line) => line.includes(one)),
    one,
  );
  return lines.filter((line) => OF_ROS.test(line));
}

const states = async (station: Station): Promise<string | undefined> => (await station.fault())['x-medkit']?.status_raw;

/** A receiver on this machine that rejects deliveries until it is switched on. */
async function receiver() {
  const bodies: Json[] = [];
  const state = { isThere: false, refused: 0 };
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const part of request) text += part;
    if (state.isThere) bodies.push(JSON.parse(text));
    else state.refused++;
    reply.writeHead(state.isThere ? 204 : 503).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies, state };
}

describe('a gateway without ROS', { concurrency: true }, () => {
  for (const isolate of ['none', 'process']) {
    const where = isolate === 'none' ? 'within it' : 'in a process of its own';
    it(`serves everything of a plugin ${where}, and loads no DDS module`, { timeout: 180_000 }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'medkit-without-ros-'));
      after(() => rmSync(folder, { recursive: true, force: true }));
      const parameters = { confirmation_threshold: -3, auto_confirm_after_sec: 4 };
      writeFileSync(join(folder, 'faults.yaml'), JSON.stringify({ fault_manager: { ros__parameters: parameters } }));
      const hook = await receiver();
      const station = new Station(folder, [
        'ros.enabled=false',
        'scripts.runner=plain',
        'webhooks.allowed_targets=127.0.0.1',
        `fault_manager.config_file=${join(folder, 'faults.yaml')}`,
        'plugins=filling-station',
        `plugins.filling-station.path=${PLUGIN}`,
        `plugins.filling-station.isolate=${isolate}`,
        'plugins.filling-station.tank_l=5',
        'plugins.filling-station.low_l=2',
      ]);
      await station.start();
      try {
        const app = '/apps/filling_station';
        const trigger = await station.ask(`${app}/triggers`, {
          resource: `/api/v1${app}/faults/TANK_LOW`,
          trigger_condition: { condition_type: 'OnChangeTo', target_value: 'CONFIRMED' },
          ...{ multishot: true, persistent: true, lifetime: 3600 },
          protocol: 'webhook',
          webhook: { url: hook.url, secret: 'sixteen letters!' },
          log_settings: { severity: 'warning', marker: 'Look at the tank' },
        });
        assert.equal(trigger.http, 201, JSON.stringify(trigger));
        const lock = await station.ask(`${app}/locks`, { lock_expiration: 3600, scopes: ['operations'] });
        assert.equal(lock.http, 201, JSON.stringify(lock));
        const closed = await station.ask(`${app}/operations/refill/executions`, {}, 'another');
        assert.deepEqual([closed.http, closed.parameters?.lock_id], [409, lock.id], JSON.stringify(closed));
        const data = await station.ask(`${app}/data/process`);
        assert.equal(typeof data.data.levelL, 'number', JSON.stringify(data));

        const seen = new Set<string | undefined>();
        const confirmed = async () => {
          const state = await states(station);
          seen.add(state);
          return state === 'CONFIRMED';
        };
        await eventually('the fault is confirmed', confirmed, PATIENCE_MS);
        assert.ok(seen.has('PREFAILED'), `it was debounced: ${[...seen]}`);
        const framed = async () => {
          const { snapshots } = (await station.fault()).environment_data;
          return snapshots.find(({ type }: Json) => type === 'freeze_frame');
        };
        const frame = await eventually('its evidence', framed, PATIENCE_MS);
        assert.ok(JSON.stringify(frame).includes('levelL'), JSON.stringify(frame));
        await eventually('a delivery that is refused', async () => hook.state.refused > 0, PATIENCE_MS);
        const noted = async () =>
          (await station.ask(`${app}/logs`)).items.find(({ message }: Json) => message.startsWith('Look at the tank'));
        assert.equal((await eventually('the line in the log', noted, PATIENCE_MS)).severity, 'warning');
        const { items: lines } = await station.ask(`${app}/logs`);
        const low = lines.find(({ message }: Json) => message === 'The tank runs low');
        assert.deepEqual([low?.severity, low?.logger_name], ['warning', '/filling_station'], JSON.stringify(lines));
        const around = async () =>
          (await station.fault()).environment_data.logs?.[0]?.items.map(({ message }: Json) => message) ?? [];
        assert.ok((await around()).includes('The tank runs low'), `lines around the fault: ${await around()}`);
        const health = await station.ask('/health');
        assert.equal(health['x-medkit-faults'].mode, 'own');
        assert.deepEqual(health.warnings, []);
        const before = await station.fault();

        await station.stop();
        hook.state.isThere = true;
        await station.start();
        const fault = await station.fault();
        assert.equal(fault.item.code, before.item.code);
        assert.deepEqual(
          fault.environment_data.extended_data_records.first_occurrence,
          before.environment_data.extended_data_records.first_occurrence,
        );
        assert.deepEqual(await framed(), frame, 'the evidence is that of the moment still');
        assert.ok((await around()).includes('The tank runs low'), `lines around the fault: ${await around()}`);
        assert.deepEqual(
          (await station.ask(`${app}/locks`)).items.map(({ id, owned }: Json) => [id, owned]),
          [[lock.id, true]],
        );
        assert.deepEqual(
          (await station.ask(`${app}/triggers`)).items.map(({ id, status }: Json) => [id, status]),
          [[trigger.id, 'active']],
        );
        const stillClosed = await station.ask(`${app}/operations/refill/executions`, {}, 'another');
        assert.deepEqual([stillClosed.http, stillClosed.parameters?.lock_id], [409, lock.id]);
        await eventually('what could not be delivered before', async () => hook.bodies.length > 0, PATIENCE_MS);
        await station.clear();
        await eventually('the fault once more, and its webhook', async () => hook.bodies.length > 1, PATIENCE_MS);
        const deliveries = hook.bodies.map((body) => [
          JSON.stringify(body).includes('TANK_LOW'),
          body.event_id ?? body.id,
        ]);
        assert.deepEqual(
          [deliveries.every(([isIt]) => isIt), new Set(deliveries.map(([, id]) => id)).size],
          [true, 2],
          JSON.stringify(deliveries),
        );
      } finally {
        await station.stop();
      }
      assert.deepEqual(station.modulesOfRos(), []);
    });
  }

  it('starts plugin processes that load no DDS module either', () => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-without-ros-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const record = join(folder, 'modules.txt');
    const env = { ...process.env, MEDKIT_TEST_LOADED_MODULES: record };
    const { status } = spawnSync(process.execPath, ['--import', RECORDER.href, SERVE_PLUGIN], { env, timeout: 60_000 });
    assert.equal(status, 0);
    assert.deepEqual(modulesOfRos(record, '/packages/plugins/api/src/isolated/'), []);
  });
});
