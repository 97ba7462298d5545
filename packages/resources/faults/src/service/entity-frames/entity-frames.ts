import {
  type CallContext,
  callContext,
  errorMessage,
  FAULT_MANAGER_ID,
  type Fault,
  type FaultSnapshot,
  type FreezeFrame,
  type Log,
  type Model,
  quotaBlock,
  type RuntimeHealth,
} from '@medkit/core';
import { type Clock, OwnedMap, type Timer, within } from '@medkit/edges';
import { ownersOf } from '@medkit/entities';
import { type FaultOwner, localManager } from '../fault-managers.ts';
import { reportersOf } from '../fault-sources.ts';
import { entityFrame } from './entity-frame.ts';

/** Maximum faults with stored frames. Beyond it, the oldest of the entity with the most faults is removed. */
const MAX_FAULTS = 256;
/** Maximum faults waiting for a capture. Beyond it, the oldest of the source with the most faults is dropped. */
const MAX_WAITING = 64;
/** Maximum entities captured for one fault. */
const MAX_ENTITIES = 4;
/** Delay between the confirmation of a fault and the capture, so that event subscribers are notified first. */
const BEGIN_MS = 5;
/** Timeout for capturing all entities of a fault, and of a call to the fault manager. */
const CAPTURE_TIMEOUT_MS = 5000;
/** Maximum time that a request for a fault waits for its frames. */
const SETTLE_MS = 1000;

/** Values of entities captured when their faults were confirmed. */
export interface EntityFrames {
  of(faultCode: string): readonly FreezeFrame[];
  /** Resolves when a running capture for a fault ends, at the latest after a second. */
  settled(faultCode: string): Promise<void>;
  /** Counts of the faults that wait for their frames. */
  health(): RuntimeHealth;
  /** Stops capturing. */
  close(): Promise<void>;
}

/** Captured frames of the entities of one fault. */
export interface FaultFrames {
  readonly faultCode: string;
  readonly frames: readonly FreezeFrame[];
}

/** Persistent storage of frames. Every call throws `SovdError`: `service-unavailable` if the disk fails. */
export interface FrameStorage {
  /** Returns the stored frames, oldest first. */
  load(): Promise<readonly FaultFrames[]>;
  /** Removes the frames of some faults and stores those of another as the newest, in one transaction. */
  write(change: { readonly put: FaultFrames; readonly remove: readonly string[] }): Promise<void>;
}

export interface EntityFramesOptions {
  /** `entity_freeze_frame.enabled` */
  readonly enabled: boolean;
  readonly model: Model;
  /** Names of runtimes whose values the fault manager captures itself, in addition to its own runtime. */
  readonly captured?: readonly string[];
  readonly storage: FrameStorage;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Captures all values of an entity when one of its faults is confirmed and the fault manager cannot do so. A fault
 * manager captures the channels of its runtimes, but not, for example, the data of a PLC. Loads the frames of earlier
 * runs, and captures faults that are already confirmed. Never rejects.
 */
export async function openEntityFrames(options: EntityFramesOptions): Promise<EntityFrames> {
  if (!options.enabled) {
    const health = () => ({ warnings: [], blocks: {} });
    return { of: () => [], settled: async () => undefined, health, close: async () => undefined };
  }
  let stored: readonly FaultFrames[] = [];
  try {
    stored = await options.storage.load();
  } catch (error) {
    options.log('warn', `Cannot read freeze frames of entities from before the start: ${errorMessage(error)}`);
  }
  return new CapturedFrames(options, stored);
}

/** Returns the local fault manager if there is any runtime whose values it does not capture itself. */
function managerBesideOthers({ model, captured = [] }: EntityFramesOptions): FaultOwner | undefined {
  const manager = localManager(model);
  const isOther = (runtime: string): boolean => runtime !== manager?.runtime && !captured.includes(runtime);
  return model.runtimes.some(isOther) ? manager : undefined;
}

/** Adds the frames of entities to the evidence of a fault, unless it has frames already. */
export function withEntityFrames(
  snapshots: readonly FaultSnapshot[],
  frames: readonly FreezeFrame[],
): readonly FaultSnapshot[] {
  const isRecording = ({ kind }: FaultSnapshot): boolean => kind === 'recording';
  return snapshots.every(isRecording) ? [...snapshots, ...frames] : snapshots;
}

class CapturedFrames implements EntityFrames {
  readonly #options: EntityFramesOptions;
  /** By code; each entity leaves room to the faults of others. */
  readonly #frames = new OwnedMap<string, readonly FreezeFrame[]>(MAX_FAULTS, ([frame]) => frame?.name);
  readonly #waiting = new OwnedMap<Fault, Fault>(MAX_WAITING, ({ sources }) => sources[0]);
  /** Faults whose frames are still to be captured, by code. */
  readonly #pending = new Map<string, PromiseWithResolvers<void>>();
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  /** Codes confirmed since the start; `undefined` once the faults active at the start are captured. */
  #confirmed: Set<string> | undefined = new Set();
  #beginning: Timer | undefined;
  #working: Promise<void> | undefined;
  readonly #catchingUp: Promise<void>;

  constructor(options: EntityFramesOptions, stored: readonly FaultFrames[]) {
    this.#options = options;
    for (const { faultCode, frames } of stored) this.#frames.keep(faultCode, frames);
    this.#stopListening = options.model.events.on('fault.event', ({ runtime, event }) => {
      if (event.type !== 'fault_confirmed') return;
      if (runtime === managerBesideOthers(options)?.runtime) this.#enqueue(event.fault);
    });
    this.#catchingUp = this.#catchUp();
  }

  of(faultCode: string): readonly FreezeFrame[] {
    return this.#frames.get(faultCode) ?? [];
  }

  settled(faultCode: string): Promise<void> {
    const pending = this.#pending.get(faultCode);
    if (!pending) return Promise.resolve();
    return within(this.#options.clock, SETTLE_MS, pending.promise, () => undefined);
  }

  health(): RuntimeHealth {
    return { warnings: [], blocks: quotaBlock({ waiting_entity_frames: this.#waiting, entity_frames: this.#frames }) };
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#closing.abort();
    this.#beginning?.cancel();
    this.#waiting.clear();
    for (const { resolve } of this.#pending.values()) resolve();
    await Promise.all([this.#catchingUp, this.#working]);
  }

  #enqueue(fault: Fault): void {
    this.#confirmed?.add(fault.code);
    if (!this.#pending.has(fault.code)) this.#pending.set(fault.code, Promise.withResolvers());
    this.#settle(this.#waiting.keep(fault, fault)?.[1]);
    this.#beginning ??= this.#options.clock.after(BEGIN_MS, () => {
      this.#beginning = undefined;
      this.#working ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    for (const fault of this.#waiting.values()) {
      this.#waiting.delete(fault);
      const frames = await this.#capture(fault, false);
      if (frames.length > 0) await this.#keep({ faultCode: fault.code, frames });
      this.#settle(fault);
    }
    // Runs in the same tick that found the queue empty, so that the next fault starts a new run.
    this.#working = undefined;
  }

  /** Ends the wait for the frames of a fault, unless the fault is queued again. */
  #settle(fault: Fault | undefined): void {
    if (fault === undefined || [...this.#waiting.values()].some(({ code }) => code === fault.code)) return;
    this.#pending.get(fault.code)?.resolve();
    this.#pending.delete(fault.code);
  }

  /**
   * Captures faults that were already confirmed at the start, as far as there is room. Faults confirmed in the meantime
   * have priority.
   */
  async #catchUp(): Promise<void> {
    const query = { statuses: ['CONFIRMED'], includeMuted: true } as const;
    const manager = managerBesideOthers(this.#options);
    try {
      const { faults } = manager ? await manager.provider.list(FAULT_MANAGER_ID, query, this.#call()) : { faults: [] };
      const standing = new Set(faults.map(({ fault }) => fault.code));
      for (const { fault } of faults) {
        if (!this.#hasRoomBeside(standing) || this.#closing.signal.aborted) break;
        if (this.#confirmed?.has(fault.code) || this.#hasFrames(fault)) continue;
        const frames = await this.#capture(fault, true);
        if (frames.length > 0 && !this.#confirmed?.has(fault.code)) await this.#keep({ faultCode: fault.code, frames });
      }
    } catch (error) {
      this.#complain('Faults from before the start have no freeze frames of entities', error);
    }
    this.#confirmed = undefined;
  }

  /** Returns whether the stored frames belong to the fault's latest occurrence. */
  #hasFrames({ code, occurrenceCount }: Fault): boolean {
    return this.of(code).some(({ occurrence }) => occurrence === occurrenceCount);
  }

  /**
   * Returns whether there is room, or the oldest stored fault is neither active nor confirmed since the start and can
   * be removed.
   */
  #hasRoomBeside(standing: ReadonlySet<string>): boolean {
    if (!this.#frames.quota.isFull) return true;
    const [oldest = ''] = this.#frames.oldestOfLargest() ?? [];
    return !standing.has(oldest) && !this.#confirmed?.has(oldest);
  }

  /**
   * Stores frames as the newest, and removes the oldest if there is no room. Frames that cannot be written stay in
   * memory.
   */
  async #keep(put: FaultFrames): Promise<void> {
    const removed = this.#frames.keep(put.faultCode, put.frames);
    const remove = removed ? [removed[0]] : [];
    try {
      await this.#options.storage.write({ put, remove });
    } catch (error) {
      this.#complain(`The freeze frame of the fault ${put.faultCode} cannot be written`, error);
    }
  }

  async #capture(fault: Fault, atStart: boolean): Promise<readonly FreezeFrame[]> {
    const { code, occurrenceCount: occurrence } = fault;
    const { model, clock } = this.#options;
    const manager = managerBesideOthers(this.#options);
    const { captured = [] } = this.#options;
    const owners = [...reportersOf(model.tree, fault)]
      .flatMap((reporter) => ownersOf(model, reporter, 'data').filter(({ entity }) => entity === reporter))
      .filter(({ runtime }) => runtime !== manager?.runtime && !captured.includes(runtime))
      .slice(0, MAX_ENTITIES);
    const call = this.#call();
    const frames = owners.map((owner) =>
      entityFrame(owner, { atStart, faultCode: code, occurrence, clock, call }).catch((error: unknown) => {
        this.#complain(`The data of ${owner.entity.id} could not be stored with its fault ${code}`, error);
      }),
    );
    return (await Promise.all(frames)).flatMap((frame) => frame ?? []);
  }

  #call(): CallContext {
    const { clock } = this.#options;
    return callContext({ clock, signal: this.#closing.signal, timeoutMs: CAPTURE_TIMEOUT_MS });
  }

  #complain(what: string, error: unknown): void {
    if (!this.#closing.signal.aborted) this.#options.log('warn', `${what}: ${errorMessage(error)}`);
  }
}
