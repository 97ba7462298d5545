import type { JsonValue, Nameplate } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { PlcRefused, PlcUnreachable } from '../session/plc-error.ts';
import type { PlcEvent, ReadCondition } from '../session/plc-event.ts';
import type { LinkListener, LinkState, PlcLink } from '../session/plc-link.ts';
import type { PlcSession, ServerFacts } from '../session/plc-session.ts';
import type { PlcReading, PlcScalar } from '../values/plc-reading.ts';
import { idOf, type MemoryNode, typeOf } from './memory-node.ts';
import type { ConditionAct, MemoryServer } from './memory-server.ts';
import { MemorySession } from './memory-session.ts';

/** When a session is begun anew that its listener did not take. */
const RETRY_MS = 500;

/** A value as a test sets it: good, and taken by the PLC just now, unless it says otherwise. */
export type SetValue = Partial<Pick<PlcReading, 'quality' | 'status' | 'sourceTimeNs' | 'unshown'>>;

/**
 * A PLC in memory, with the one link to it: a test sets values, emits events, takes the connection away and gives it back,
 * and sees what was written, called and acknowledged. It takes time from `clock` alone.
 */
export class MemoryPlc implements PlcLink, MemoryServer {
  /** What was written, called, acknowledged and confirmed, in that order; what was refused is not in them. */
  readonly writes: { readonly nodeId: string; readonly value: PlcScalar }[] = [];
  readonly calls: { readonly objectId: string; readonly methodId: string; readonly input: readonly PlcScalar[] }[] = [];
  readonly acknowledged: ConditionAct[] = [];
  readonly confirmed: ConditionAct[] = [];
  /** The server answers so to whatever is to be read, or watched. */
  readRefused: string | undefined;
  watchRefused: string | undefined;
  /** How often conditions were refreshed, and read. */
  refreshes = 0;
  conditionReads = 0;
  /** How many sessions began. */
  sessions = 0;
  nameplate: Nameplate = { manufacturer: 'ACME Controls', model: 'PLC-1', networkEndpoint: 'opc.tcp://plc.test:4840' };
  /** Its namespace array; `undefined` if it does not show one. */
  namespaces: readonly string[] | undefined = ['http://opcfoundation.org/UA/', 'urn:test:plc', 'urn:test:program'];
  server: ServerFacts = {
    endpointUrl: 'opc.tcp://plc.test:4840',
    applicationName: 'PLC in memory',
    applicationUri: 'urn:test:plc',
    isAuthenticated: false,
  };
  /** What `refreshConditions` tells of. */
  retained: readonly PlcEvent[] = [];
  /** What `readConditions` gives, by the notifier. */
  readonly conditions = new Map<string, readonly ReadCondition[]>();
  readonly nodes = new Map<string, MemoryNode>();
  readonly #clock: Clock;
  readonly #refused = new Map<string, string>();
  #listener: LinkListener | undefined;
  #session: MemorySession | undefined;
  #state: LinkState;
  #isUp: boolean;
  #held: PromiseWithResolvers<void> | undefined;

  /** One that is `isUp: false` cannot be reached until `comeBack`. */
  constructor(clock: Clock, { isUp = true }: { readonly isUp?: boolean } = {}) {
    this.#clock = clock;
    this.#isUp = isUp;
    this.#state = { connected: false, sinceMs: clock.monotonicMs(), problem: 'not started', failedAttempts: 0 };
  }

  get state(): LinkState {
    return this.#state;
  }

  get session(): PlcSession {
    if (this.#session === undefined)
      throw new PlcUnreachable(`the PLC in memory: ${this.#state.problem ?? 'no session'}`);
    return this.#session;
  }

  start(listener: LinkListener): void {
    this.#listener = listener;
    if (this.#isUp) void this.#begin();
    else this.#fail('connection refused');
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#end('stopped');
  }

  /** Adds a node, below `i=85` unless it says otherwise; a variable without a value has none. */
  add(nodeId: string, node: Partial<MemoryNode> = {}): void {
    const id = idOf(nodeId);
    const name = node.browseName ?? /[^.=;/]*$/.exec(id)?.[0] ?? id;
    this.nodes.set(id, {
      kind: 'variable',
      parent: 'i=85',
      browseName: name,
      displayName: name,
      value: undefined,
      quality: 'good',
      status: 'Good',
      sourceTimeNs: this.#clock.wallNs(),
      type: typeOf(node.value),
      unit: undefined,
      isWritable: false,
      input: [],
      output: [],
      answer: () => [],
      ...node,
    });
  }

  /** Sets the value of a variable, which is added where there is none, and tells those who watch it. */
  set(nodeId: string, value: JsonValue | undefined, as: SetValue = {}): void {
    this.setTogether([[nodeId, value, as]]);
  }

  /** As `set`; who watches hears of all of them at once. */
  setTogether(values: readonly (readonly [nodeId: string, value: JsonValue | undefined, as?: SetValue])[]): void {
    for (const [nodeId, value, as = {}] of values) {
      const id = idOf(nodeId);
      if (!this.nodes.has(id)) this.add(id, { value });
      const status = as.status ?? (as.quality === undefined || as.quality === 'good' ? 'Good' : statusOf(as.quality));
      const said = { value, quality: 'good', sourceTimeNs: this.#clock.wallNs(), ...as, status } as const;
      this.nodes.set(id, { ...(this.nodes.get(id) as MemoryNode), ...said });
    }
    this.#session?.tell(values.map(([nodeId]) => idOf(nodeId)));
  }

  /** From now on the server answers `status` to whatever is asked of this node; `ConditionRefresh` is `i=3875`. */
  refuse(nodeId: string, status = 'BadUserAccessDenied'): void {
    this.#refused.set(idOf(nodeId), status);
  }

  permit(nodeId: string): void {
    this.#refused.delete(idOf(nodeId));
  }

  /** Emits an event at its notifier. Gives it in full, so that it can be emitted again or be retained. */
  emit(event: Partial<PlcEvent>): PlcEvent {
    const whole = { ...this.event(), ...event };
    this.#session?.tellEvent(whole);
    return whole;
  }

  /** An active alarm of severity 500 at the server that nobody acknowledged, with `change`. */
  event(change: Partial<PlcEvent> = {}): PlcEvent {
    return {
      notifier: 'i=2253',
      conditionId: 'ns=2;s=Alarm',
      eventId: Uint8Array.of(1),
      eventType: 'i=2915',
      sourceNode: 'ns=2;s=Tank',
      sourceName: 'Tank',
      conditionName: 'Alarm',
      branchId: undefined,
      message: 'Alarm',
      severity: 500,
      timeNs: this.#clock.wallNs(),
      enabled: true,
      active: true,
      shelved: false,
      acknowledged: false,
      confirmed: false,
      retain: true,
      associated: new Map(),
      ...change,
    };
  }

  /** The connection is lost: what is under way rejects, and there is no session until `comeBack`. */
  lose(problem = 'connection lost'): void {
    this.#isUp = false;
    this.#fail(problem);
  }

  /** It can be reached again: a session begins at once. */
  comeBack(): void {
    this.#isUp = true;
    if (this.#session === undefined && this.#listener !== undefined) void this.#begin();
  }

  /** Nothing is answered until the function that it gives is called. */
  hold(): () => void {
    const held = Promise.withResolvers<void>();
    this.#held = held;
    return () => {
      this.#held = undefined;
      held.resolve();
    };
  }

  /** Nodes that the present session watches. */
  get watched(): readonly string[] {
    return this.#session?.watched ?? [];
  }

  get watchedNotifiers(): readonly string[] {
    return this.#session?.watchedNotifiers ?? [];
  }

  /** What a variable holds, as who reads it sees it. */
  reading(nodeId: string): PlcReading {
    const receivedNs = this.#clock.wallNs();
    const bad = (status: string) =>
      ({ value: undefined, quality: 'bad', status, sourceTimeNs: undefined, receivedNs }) as const;
    const refusal = this.#refused.get(nodeId);
    const node = this.nodes.get(nodeId);
    if (refusal !== undefined) return bad(refusal);
    if (node === undefined) return bad('BadNodeIdUnknown');
    const { value, unshown, quality, status, sourceTimeNs } = node;
    return { value, ...(unshown !== undefined && { unshown }), quality, status, sourceTimeNs, receivedNs };
  }

  /** Why the server would not do what is asked of this node. */
  refusalOf(nodeId: string): string | undefined {
    return this.#refused.get(nodeId);
  }

  /** Throws `PlcRefused` where the server would not. */
  check(nodeId: string, what: string): void {
    const status = this.#refused.get(nodeId);
    if (status !== undefined)
      throw new PlcRefused(`${this.server.endpointUrl} does not ${what} ${nodeId}: ${status}`, status);
  }

  /** When an answer may be given. */
  async answered(): Promise<void> {
    await this.#held?.promise;
  }

  async #begin(): Promise<void> {
    const listener = this.#listener;
    const session = new MemorySession(this, () => this.#end('closed'));
    this.#session = session;
    this.sessions++;
    this.#state = { connected: true, sinceMs: this.#clock.monotonicMs(), failedAttempts: 0 };
    try {
      await listener?.onSession(session);
    } catch (error) {
      if (this.#session !== session) return;
      this.#fail(error instanceof Error ? error.message : String(error));
      this.#clock.after(RETRY_MS, () => {
        if (this.#isUp && this.#session === undefined && this.#listener !== undefined) void this.#begin();
      });
    }
  }

  #fail(problem: string): void {
    const failedAttempts = this.#state.failedAttempts + 1;
    this.#end(problem);
    this.#state = { ...this.#state, failedAttempts };
    this.#listener?.onLost(this.#state);
  }

  #end(problem: string): void {
    this.#session?.end(problem);
    this.#session = undefined;
    const sinceMs = this.#state.connected ? this.#clock.monotonicMs() : this.#state.sinceMs;
    this.#state = { connected: false, sinceMs, problem, failedAttempts: this.#state.failedAttempts };
  }
}

const statusOf = (quality: 'uncertain' | 'bad') => (quality === 'bad' ? 'Bad' : 'Uncertain');
