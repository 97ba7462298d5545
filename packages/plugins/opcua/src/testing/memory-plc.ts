import type { JsonValue, Nameplate } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  type LinkListener,
  type LinkState,
  type PlcEvent,
  type PlcLink,
  type PlcReading,
  PlcRefused,
  type PlcScalar,
  type PlcSession,
  PlcUnreachable,
  type ReadCondition,
  type ServerFacts,
} from '@medkit/opcua';
import { idOf, type MemoryNode, typeOf } from './memory-node.ts';
import type { ConditionAct, MemoryServer } from './memory-server.ts';
import { MemorySession } from './memory-session.ts';

/** Delay before a new session after the listener rejected one. */
const RETRY_MS = 500;

/** Fields of a value set by a test; by default, it is good and was taken just now. */
export type SetValue = Partial<Pick<PlcReading, 'quality' | 'status' | 'sourceTimeNs' | 'unshown'>>;

/**
 * A PLC in memory with one link to it. A test sets values, emits events, interrupts and restores the connection, and
 * sees writes, calls and acknowledgements. Its time comes only from `clock`.
 */
export class MemoryPlc implements PlcLink, MemoryServer {
  /** Successful writes, calls, acknowledgements and confirmations. */
  readonly writes: { readonly nodeId: string; readonly value: PlcScalar }[] = [];
  readonly calls: { readonly objectId: string; readonly methodId: string; readonly input: readonly PlcScalar[] }[] = [];
  readonly acknowledged: ConditionAct[] = [];
  readonly confirmed: ConditionAct[] = [];
  /** Status with which the server refuses reads or subscriptions. */
  readRefused: string | undefined;
  watchRefused: string | undefined;
  /** Number of condition refreshes and reads. */
  refreshes = 0;
  conditionReads = 0;
  /** Number of sessions. */
  sessions = 0;
  nameplate: Nameplate = { manufacturer: 'ACME Controls', model: 'PLC-1', networkEndpoint: 'opc.tcp://plc.test:4840' };
  /** Its namespace array; `undefined` if it does not provide one. */
  namespaces: readonly string[] | undefined = ['http://opcfoundation.org/UA/', 'urn:test:plc', 'urn:test:program'];
  server: ServerFacts = {
    endpointUrl: 'opc.tcp://plc.test:4840',
    applicationName: 'PLC in memory',
    applicationUri: 'urn:test:plc',
    isAuthenticated: false,
  };
  /** Events reported by `refreshConditions`. */
  retained: readonly PlcEvent[] = [];
  /** Result of `readConditions`, by notifier. */
  readonly conditions = new Map<string, readonly ReadCondition[]>();
  readonly nodes = new Map<string, MemoryNode>();
  readonly #clock: Clock;
  readonly #refused = new Map<string, string>();
  #listener: LinkListener | undefined;
  #session: MemorySession | undefined;
  #state: LinkState;
  #isUp: boolean;
  #held: PromiseWithResolvers<void> | undefined;

  /** With `isUp: false` it is unreachable until `comeBack`. */
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

  /** Adds a node, by default below `i=85`; a variable has no value unless one is given. */
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

  /** Sets the value of a variable, adding it if necessary, and notifies watchers. */
  set(nodeId: string, value: JsonValue | undefined, as: SetValue = {}): void {
    this.setTogether([[nodeId, value, as]]);
  }

  /** Like `set` for several variables; watchers receive them together. */
  setTogether(values: readonly (readonly [nodeId: string, value: JsonValue | undefined, as?: SetValue])[]): void {
    for (const [nodeId, value, as = {}] of values) {
      const id = idOf(nodeId);
      if (!this.nodes.has(id)) this.add(id, { value });
      const status = as.status ?? (as.quality === undefined || as.quality === 'good' ? 'Good' : statusOf(as.quality));
      const said = { value, quality: 'good', sourceTimeNs: this.#clock.wallNs(), ...as, status } as const;
      this.nodes.set(id, { ...(this.nodes.get(id) as MemoryNode), ...said });
    }
    this.#session?.report(values.map(([nodeId]) => idOf(nodeId)));
  }

  /** Makes the server answer `status` to all requests for this node; `ConditionRefresh` is `i=3875`. */
  refuse(nodeId: string, status = 'BadUserAccessDenied'): void {
    this.#refused.set(idOf(nodeId), status);
  }

  permit(nodeId: string): void {
    this.#refused.delete(idOf(nodeId));
  }

  /** Emits an event at its notifier. Returns the complete event, so that it can be emitted again or be retained. */
  emit(event: Partial<PlcEvent>): PlcEvent {
    const whole = { ...this.event(), ...event };
    this.#session?.emitEvent(whole);
    return whole;
  }

  /** Returns an active, unacknowledged alarm of severity 500 at the Server object, changed by `change`. */
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

  /** Interrupts the connection: pending requests reject, and there is no session until `comeBack`. */
  lose(problem = 'connection lost'): void {
    this.#isUp = false;
    this.#fail(problem);
  }

  /** Restores the connection: a session starts immediately. */
  comeBack(): void {
    this.#isUp = true;
    if (this.#session === undefined && this.#listener !== undefined) void this.#begin();
  }

  /** Holds all answers until the returned function is called. */
  hold(): () => void {
    const held = Promise.withResolvers<void>();
    this.#held = held;
    return () => {
      this.#held = undefined;
      held.resolve();
    };
  }

  /** Nodes watched in the current session. */
  get watched(): readonly string[] {
    return this.#session?.watched ?? [];
  }

  get watchedNotifiers(): readonly string[] {
    return this.#session?.watchedNotifiers ?? [];
  }

  /** Returns the value of a variable as a client reads it. */
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

  /** Returns why the server refuses requests for this node. */
  refusalOf(nodeId: string): string | undefined {
    return this.#refused.get(nodeId);
  }

  /** Throws `PlcRefused` if the server refuses requests for this node. */
  check(nodeId: string, what: string): void {
    const status = this.#refused.get(nodeId);
    if (status !== undefined)
      throw new PlcRefused(`${this.server.endpointUrl} does not ${what} ${nodeId}: ${status}`, status);
  }

  /** Resolves when answers are not held. */
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
