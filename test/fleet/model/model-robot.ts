import type { UplinkState } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Row, Store } from '@medkit/store';
import type { Hello } from '@medkit/tunnel';
import {
  faultClass,
  openUplinkLog,
  RECORD_CLASSES,
  type RecordLine,
  UPLINK_TABLES,
  type UplinkLog,
} from '@medkit/uplink';
import { copyOf, type StoreCopy, storeFrom } from './copy-store.ts';

type Severity = 0 | 1 | 2 | 3;

/** The name of the hub on each robot. */
export const HUB = 'hub';
/** Room of a log: about 60 records. */
const MAX_BYTES = 24_000;
const UPDATE_MS = 2000;
const FIRST_MS = Date.UTC(2026, 0, 1);

/** A fault of a robot since it was confirmed. */
interface ActiveFault {
  readonly severity: Severity;
  readonly startedMs: number;
}

/** What is on the disk of a robot. */
export interface Disk {
  readonly store: StoreCopy;
  readonly active: ReadonlyMap<string, ActiveFault>;
  /** Key of the robot, by its fingerprint. */
  readonly key: string;
  /** The step of the ratchet that was stored last. */
  readonly ratchet: string | undefined;
}

/** A machine with the real uplink log over SQLite. Its faults are a map: what is true on the robot. */
export class ModelRobot {
  /** Address of the machine. */
  readonly address: string;
  readonly name: string;
  readonly #seed: number;
  readonly key: string;
  ratchet: string | undefined;
  readonly active: Map<string, ActiveFault>;
  /** The code with which the hub refused it last. */
  refused: string | undefined;
  /** Starts of the program: sessions of earlier ones are lost. */
  starts = 0;
  #clock = new SimulatedClock({ epochMs: FIRST_MS });
  #store!: Store;
  #log!: UplinkLog;
  #bodies = 0;

  private constructor(name: string, address: string, disk: Omit<Disk, 'store'>, seed: number) {
    this.name = name;
    this.address = address;
    this.key = disk.key;
    this.ratchet = disk.ratchet;
    this.active = new Map(disk.active);
    this.#seed = seed;
  }

  /** Starts a machine with this disk; with an empty one if there is only a key. */
  static async start(
    name: string,
    address: string,
    disk: Partial<Disk> & Pick<Disk, 'key'>,
    seed: number,
  ): Promise<ModelRobot> {
    const robot = new ModelRobot(name, address, { active: new Map(), ratchet: undefined, ...disk }, seed);
    robot.#store = await storeFrom(robot.#clock, UPLINK_TABLES, disk.store);
    await robot.restart();
    return robot;
  }

  get log(): UplinkLog {
    return this.#log;
  }

  get clock(): SimulatedClock {
    return this.#clock;
  }

  /** Kills the program and starts it again. What is not on the disk is lost. */
  async restart(): Promise<void> {
    this.starts += 1;
    // Timers of the killed program never fire, because nothing advances its clock any more.
    this.#clock = new SimulatedClock({ epochMs: this.#clock.wallMs() });
    const random = seededRandom(this.#seed + this.starts);
    const options = { store: this.#store, clock: this.#clock, random, maxBytes: MAX_BYTES };
    this.#log = await openUplinkLog({ ...options, log: () => undefined });
  }

  async disk(): Promise<Disk> {
    return {
      store: await copyOf(this.#store),
      active: new Map(this.active),
      key: this.key,
      ratchet: this.ratchet,
    };
  }

  /** @param cause code of its root cause; absent if it is not known */
  async confirmFault(code: string, severity: Severity, cause?: string): Promise<void> {
    const fault = { severity, startedMs: Math.floor(this.#clock.wallMs()) };
    await this.#recordFault(code, fault, { type: 'fault_confirmed', cause });
    this.active.set(code, fault);
  }

  async updateFault(code: string, cause?: string): Promise<void> {
    const fault = this.active.get(code);
    if (fault) await this.#recordFault(code, fault, { type: 'fault_updated', cause, coalesceMs: UPDATE_MS });
  }

  async healFault(code: string, cause?: string): Promise<void> {
    const fault = this.active.get(code);
    if (!fault) return;
    await this.#recordFault(code, fault, { type: 'fault_healed', cause });
    this.active.delete(code);
  }

  /** Records a change of the tree, which is removed first if the log is full. */
  async changeTree(chars: number): Promise<void> {
    const body = JSON.stringify({ etag: this.#unique(), more: 'x'.repeat(chars) });
    await this.#log.append([{ kind: 'tree', class: RECORD_CLASSES.tree, body }]);
  }

  async hello(): Promise<Hello> {
    const { log, newest, removed } = await this.#log.head(HUB);
    return {
      ...{ v: [1], boot: this.#log.boot, mono_ms: 0, wall_ms: this.#clock.wallMs() },
      ...(this.ratchet !== undefined && { ratchet: this.ratchet }),
      log: { id: log, oldest: removed + 1, newest },
      versions: { medkit: '0.3.0' },
      link: { metered: false, keepalive_sec: 30 },
      active: { critical: 0, error: 0 },
    };
  }

  /** Returns the state: the end of the log first, so that the faults are at least as new. */
  async state(): Promise<UplinkState> {
    const { log, newest, hash, removed } = await this.#log.head(HUB);
    const { atMs, boot, monoMs } = this.#log.now();
    return {
      ...{ log, newest, hash, removed, boot, at_ms: Math.floor(atMs), mono_ms: Math.floor(monoMs), tree_etag: 'e' },
      faults: [...this.active].map(([code, { severity }]) => ({ fault_code: code, severity, status: 'CONFIRMED' })),
      ...{ more_faults: 0, hubs: [] },
    };
  }

  /** Returns records after a number; removed ones become a hole. `undefined` if the log has another id. */
  async read(log: string, after: number, limit: number): Promise<readonly RecordLine[] | undefined> {
    const { log: id, removed } = await this.#log.head(HUB);
    if (id !== log) return undefined;
    if (after >= removed) return this.#log.read(after, limit);
    return [{ seq: removed, text: JSON.stringify({ kind: 'hole', from: after + 1, to: removed }) }];
  }

  records(): Promise<readonly Row[]> {
    return this.#store.read('SELECT seq, kind, at_ms, body, hash FROM uplink_log ORDER BY seq');
  }

  async #recordFault(
    code: string,
    { severity, startedMs }: ActiveFault,
    { type, cause, coalesceMs }: { readonly type: string; readonly cause?: string; readonly coalesceMs?: number },
  ): Promise<void> {
    const times = { first_occurred: startedMs / 1000, confirmed_at: startedMs / 1000 };
    const fault = { fault_code: code, severity, status: 'CONFIRMED', ...times };
    const body = JSON.stringify({ event_type: type, fault, timestamp: this.#unique(), ...(cause && { cause }) });
    const key = `fault ${code}`;
    const held = coalesceMs === undefined ? {} : { coalesceMs };
    await this.#log.append([{ kind: 'fault', class: faultClass(severity), key, body, ...held }]);
  }

  /** Returns a text that no other record has. */
  #unique(): string {
    this.#bodies += 1;
    return `${this.address} ${this.starts} ${this.#bodies}`;
  }
}
