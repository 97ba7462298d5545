import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPlc, TankAlarmName } from '@medkit/plc';
import { eventually } from '../harness/eventually.ts';
import { type MedkitProcess, Sandbox } from '../scenes/medkit-process.ts';
import type { Json } from './plc-gateway.ts';

const START_MS = 60_000;

/** A PLC of the gateway: its endpoint, its node map, and further options. */
export interface MappedPlc {
  readonly endpointUrl: string;
  /** YAML; without it the PLC is browsed. */
  readonly map?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The DDS domain on which values of PLCs are topics; without it the gateway runs without ROS. */
export interface RosDomain {
  readonly domainId: number;
}

/** A real gateway with several PLCs, each with a separate node map, and access to its API. */
export class MapGateway implements AsyncDisposable {
  readonly sandbox = new Sandbox();
  #medkit!: MedkitProcess;
  #url = '';

  /** Starts the gateway and waits until it is connected to all PLCs. */
  static async open(plcs: Readonly<Record<string, MappedPlc>>, ros?: RosDomain): Promise<MapGateway> {
    const gateway = new MapGateway();
    try {
      await gateway.#start(plcs, ros);
      return gateway;
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(plcs: Readonly<Record<string, MappedPlc>>, ros: RosDomain | undefined): Promise<void> {
    const { folder } = this.sandbox;
    mkdirSync(join(folder, 'maps'));
    const sections = Object.entries(plcs).map(([name, { endpointUrl, map, options }]) => {
      const path = join(folder, 'maps', `${name}.yaml`);
      if (map !== undefined) writeFileSync(path, map);
      return [
        name,
        { endpoint_url: endpointUrl, ...(map !== undefined && { node_map_path: path }), ...options },
      ] as const;
    });
    const config = {
      ...(ros === undefined ? { 'ros.enabled': false } : { 'ros.domain_id': ros.domainId }),
      plugins: ['opcua'],
      'plugins.opcua': { subscription_interval_ms: 100, poll_interval_ms: 100, plcs: Object.fromEntries(sections) },
    };
    // JSON is valid YAML.
    writeFileSync(join(folder, 'medkit.yaml'), JSON.stringify(config));
    const args = ['up', '--config', join(folder, 'medkit.yaml'), '--port', '0', '--data-dir', join(folder, 'data')];
    this.#medkit = this.sandbox.start(args, { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
    this.#url = await this.#medkit.printed(/(http:\/\/127\.0\.0\.1:\d+)/, START_MS);
    await this.untilConnected(sections.length);
  }

  /** Waits until this many PLCs are connected. */
  async untilConnected(count: number): Promise<void> {
    const connected = async (): Promise<number> => {
      const { plcs } = (await this.get('/health'))['x-medkit-opcua'];
      return plcs.filter((plc: Json) => plc.connected).length;
    };
    await eventually(`connections to ${count} PLCs`, async () => (await connected()) === count, START_MS);
  }

  /** The gateway's console output so far. */
  get printed(): string {
    return this.#medkit.output + this.#medkit.errors;
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Json }> {
    const { status, text } = await this.#fetch(method, path, body);
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async get(path: string): Promise<Json> {
    return JSON.parse(await this.text(path));
  }

  /** Returns the answer as text, in which 64-bit integers are exact. */
  async text(path: string): Promise<string> {
    const { status, text } = await this.#fetch('GET', path);
    assert.equal(status, 200, `${path}: ${text}`);
    return text;
  }

  async #fetch(method: string, path: string, body?: unknown) {
    const reply = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(8000),
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: reply.status, text: await reply.text() };
  }

  /** Returns the codes of an app's active faults. */
  async faultsOf(app: string): Promise<readonly string[]> {
    return (await this.get(`/apps/${app}/faults`)).items.map(({ fault_code: code }: Json) => code).sort();
  }

  untilFaults(app: string, codes: readonly string[]): Promise<unknown> {
    const wanted = JSON.stringify([...codes].sort());
    return eventually(
      `the faults [${codes}] of ${app}`,
      async () => JSON.stringify(await this.faultsOf(app)) === wanted,
      20_000,
    );
  }

  /** Returns the fault texts of an app, once it has exactly these codes. */
  async faultTexts(app: string, ...codes: readonly string[]): Promise<readonly string[]> {
    await this.untilFaults(app, codes);
    const { items } = await this.get(`/apps/${app}/faults`);
    return items.map(({ severity_label: severity, description }: Json) => `${severity} ${description}`).sort();
  }

  /** Returns a value of an app as last reported by the PLC. */
  async lastValue(app: string, name: string): Promise<Json> {
    return (await this.get(`/apps/${app}/x-plc-data/${name}`)).value;
  }

  waitForValue(app: string, name: string, value: unknown): Promise<unknown> {
    return eventually(`${name} of ${app} is ${value}`, async () => (await this.lastValue(app, name)) === value);
  }

  put(app: string, name: string, value: unknown): Promise<{ readonly status: number; readonly body: Json }> {
    return this.ask('PUT', `/apps/${app}/data/${name}`, { value });
  }

  /** Returns the ids of an app's data or operations. */
  async namesOf(app: string, list: 'data' | 'operations'): Promise<readonly string[]> {
    return (await this.get(`/apps/${app}/${list}`)).items.map(({ id }: Json) => id);
  }

  /** Returns the gateway's warnings. */
  async warnings(): Promise<readonly string[]> {
    return (await this.get('/health')).warnings.map(({ message }: Json) => message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }
}

/** Ends an alarm at the controller, acknowledges and confirms it. */
export async function settle(plc: RunningPlc, name: TankAlarmName, server = 0): Promise<void> {
  for (const command of ['deactivate', 'acknowledge', 'confirm'] as const) await plc.alarm(command, name, {}, server);
}
