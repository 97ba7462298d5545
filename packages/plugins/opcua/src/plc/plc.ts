import { errorMessage, type Nameplate } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import { type ChangedValues, type LinkState, type PlcSession, PlcUnreachable } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import { type CommsLost, commsLost } from '../alarms/comms-lost.ts';
import type { ConditionAlarms } from '../alarms/condition-alarms.ts';
import { conditionAlarms } from '../alarms/condition-faults.ts';
import { type ValueAlarms, valueAlarms } from '../alarms/value-alarms.ts';
import type { MappedEntity } from '../entities/mapped-entity.ts';
import { PlcNamespaces } from '../namespaces/plc-namespaces.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';
import { PlcValues } from '../values/plc-values.ts';
import { AlarmTracker } from './alarm-tracker.ts';
import { commsSignal } from './comms-signal.ts';
import { describeMap } from './describe-map.ts';
import { extendMap } from './extend-map.ts';
import { MethodTable } from './method-table.ts';
import type { PlcParts } from './plc-parts.ts';
import { PlcView } from './plc-view.ts';
import { reportValues } from './value-reporter.ts';

/** One PLC: its entities, its last values and its problems. */
export class Plc {
  readonly values: PlcValues;
  readonly methods = new MethodTable();
  /** Successful polls or notifications; and failures. */
  pollCount = 0;
  errorCount = 0;
  readonly #parts: PlcParts;
  readonly #commsLost: CommsLost;
  readonly #alarms: ValueAlarms;
  readonly #view: PlcView;
  readonly #namespaces: PlcNamespaces;
  #conditions: ConditionAlarms;
  #server: PlcSession['server'] | undefined;
  #reporter: Pick<Timer, 'cancel'> | undefined;
  /** The session in use; a session that is still starting is discarded if it is replaced. */
  #used: PlcSession | undefined;
  /** The session of the link, which `#used` wraps with translated node ids. */
  #linked: PlcSession | undefined;
  #isReady = false;
  /** All its active alarms were reported once. */
  #areConditionsKnown = false;
  /** Why its values could not be read the last time. */
  #unread: string | undefined;
  #loggedProblem: string | undefined;

  constructor(parts: PlcParts) {
    const { options, map, clock, namespaceStore: store, log } = parts;
    this.#parts = parts;
    this.#namespaces = new PlcNamespaces({ map, store, nowNs: () => clock.wallNs(), log });
    this.#view = new PlcView(options, map);
    this.values = new PlcValues(options.historySeconds);
    this.#alarms = valueAlarms(map.nodes);
    this.#conditions = this.#newConditions();
    this.#commsLost = commsLost({
      debounceMs: options.commsLost.debounceMs,
      clock,
      onLost: () => this.#reportComms('raise'),
      onBack: () => this.#reportComms('clear'),
    });
  }

  get options(): PlcOptions {
    return this.#parts.options;
  }

  get area(): { readonly id: string; readonly name: string } {
    return this.#view.area;
  }

  get component(): { readonly id: string; readonly name: string } {
    return this.#view.component;
  }

  get nameplate(): Nameplate | undefined {
    return this.#view.nameplate;
  }

  get entities(): ReadonlyMap<string, MappedEntity> {
    return this.#view.entities;
  }

  get nodes(): readonly MappedNode[] {
    return this.#view.map.nodes;
  }

  get conditions(): ConditionAlarms {
    return this.#conditions;
  }

  get connection(): LinkState {
    return this.#parts.link.state;
  }

  /** There is a session, and the PLC has sent its values. */
  get isConnected(): boolean {
    return this.#isReady && this.connection.connected;
  }

  /** Why it is not connected; `undefined` if it is. */
  get problem(): string | undefined {
    if (this.isConnected) return undefined;
    return this.connection.problem ?? 'its values have not been received yet';
  }

  /** Why its values may be outdated although it is connected: the reason of the last failed read. */
  get unread(): string | undefined {
    return this.#unread;
  }

  /** Whether the connected server is authenticated. */
  get isAuthenticated(): boolean {
    return this.#server?.isAuthenticated ?? false;
  }

  /** The application name of the server; empty before the first session. */
  get serverName(): string {
    return this.#server?.applicationName ?? '';
  }

  /** The current session. Throws `PlcUnreachable` if there is none. */
  get session(): PlcSession {
    // Before the namespaces of a session are known, a node id may refer to another variable.
    if (this.#parts.link.session === this.#linked && this.#used !== undefined) return this.#used;
    throw new PlcUnreachable(`${this.options.endpointUrl}: the session has just started`);
  }

  /** Why entries of the node map are not used in this session. */
  get namespaceProblem(): string | undefined {
    return this.#namespaces.problem;
  }

  /** Codes of the faults that are active by observation. */
  get activeCodes(): readonly string[] {
    const codes = [...this.#alarms.active, ...this.#conditions.active].map(({ code }) => code);
    return [...new Set(this.#commsLost.isLost ? [...codes, this.#parts.commsLostCode] : codes)];
  }

  /** Returns whether a fault of an earlier run is over; `false` as well if the PLC has not reported its state yet. */
  isOver(code: string): boolean {
    if (!this.isConnected || this.activeCodes.includes(code)) return false;
    if (code === this.#parts.commsLostCode) return true;
    return this.#alarms.isDecided(code) ?? this.#areConditionsKnown;
  }

  /** Resolves after `ms` milliseconds. */
  async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => void this.#parts.clock.after(ms, resolve));
  }

  start(): void {
    if (this.options.commsLost.isReported) this.#commsLost.down();
    this.#parts.link.start({
      onSession: (session) => this.#begin(session),
      onLost: (state) => this.#lost(state),
    });
  }

  async stop(): Promise<void> {
    this.#leave();
    this.#commsLost.stop();
    await this.#parts.link.stop();
  }

  async #begin(linked: PlcSession): Promise<void> {
    this.#leave();
    this.#linked = linked;
    const session = await this.#namespaces.translated(linked);
    if (this.#linked !== linked) return;
    this.#used = session;
    this.#server = session.server;
    await this.#readNameplate(session);
    await this.#search(session);
    for (const problem of await this.methods.describe(session, this.#view.map.methods))
      this.#parts.log('warn', problem);
    await this.#watch(session);
    const alarms = this.#newAlarmTracker(session);
    await alarms.watch();
    if (this.#used !== session) return;
    this.#view.fix();
    this.#isReady = true;
    this.#parts.onChange();
    this.#commsLost.up();
    this.#reportConnection(undefined);
    if (await alarms.replay()) this.#areConditionsKnown = true;
    if (this.#used === session) this.#parts.onSettled();
  }

  #newAlarmTracker(session: PlcSession): AlarmTracker {
    const { options, log } = this.#parts;
    return new AlarmTracker({
      session,
      conditions: this.#conditions,
      strategy: options.replay,
      log,
      isUsed: () => this.#used === session,
      onSignals: (signals) => this.#sendSignals(signals),
    });
  }

  #lost(state: LinkState): void {
    const { options, onChange } = this.#parts;
    this.#leave();
    this.errorCount += 1;
    if (options.commsLost.isReported) this.#commsLost.down();
    this.#reportConnection(state.problem ?? 'the connection is lost');
    onChange();
  }

  /** Ignores answers of the former session. */
  #leave(): void {
    this.#reporter?.cancel();
    this.#reporter = undefined;
    this.values.breakOff();
    this.#used = undefined;
    this.#linked = undefined;
    this.#isReady = false;
  }

  /** Reports the reason once: each attempt fails for the same one. */
  #reportConnection(problem: string | undefined): void {
    if (problem !== undefined && problem === this.#loggedProblem) return;
    this.#loggedProblem = problem;
    this.#parts.onConnection(problem);
  }

  async #readNameplate(session: PlcSession): Promise<void> {
    try {
      const nameplate = await session.readNameplate();
      // The fault belongs to the former id and must end while that entity still exists.
      if (this.#view.isRenamedBy(nameplate)) this.#commsLost.up();
      if (this.#view.take(nameplate)) this.#conditions = this.#newConditions();
    } catch (error) {
      this.#parts.log('warn', `cannot read its nameplate: ${errorMessage(error)}`);
    }
  }

  #newConditions(): ConditionAlarms {
    const { options, map, isTaken, log } = this.#parts;
    return conditionAlarms({
      eventAlarms: map.eventAlarms,
      autoAlarms: map.autoAlarms,
      requireConfirm: options.requiresConfirm,
      componentId: this.component.id,
      entityOfNode: (nodeId) => this.#view.ownerOf(nodeId),
      isTaken,
      scope: options.name,
      log,
    });
  }

  async #search(session: PlcSession): Promise<void> {
    const { options, log } = this.#parts;
    const map = await describeMap(session, this.#parts.map, log);
    if (!map.autoBrowse) return this.#view.extend(map);
    const { map: found, problems } = await extendMap(session, map, {
      plcName: options.name,
      componentId: this.component.id,
    });
    for (const problem of problems) log('warn', problem);
    this.#view.extend(found);
    this.values.keepOnly(new Set(found.nodes.map(({ nodeId }) => nodeId)));
  }

  async #watch(session: PlcSession): Promise<void> {
    const { options, clock, log } = this.#parts;
    const reporter = await reportValues({
      session,
      nodeIds: this.nodes.map(({ nodeId }) => nodeId),
      options,
      clock,
      log,
      onValues: (values) => {
        if (this.#used === session) this.#take(values);
      },
      onRound: (problem) => {
        if (this.#used === session) this.#count(problem);
      },
    });
    if (this.#used === session) this.#reporter = reporter;
    else reporter.cancel();
  }

  #count(problem: string | undefined): void {
    const wasUnread = this.#unread !== undefined;
    this.#unread = problem;
    if (problem === undefined) {
      this.pollCount += 1;
      return;
    }
    this.errorCount += 1;
    this.values.breakOff();
    if (!wasUnread) this.#parts.log('warn', `its values could not be read: ${problem}`);
  }

  #take(values: ChangedValues): void {
    for (const [nodeId, reading] of values) {
      this.values.take(nodeId, reading);
      const signals = this.#alarms.observe(nodeId, reading);
      if (signals.length > 0) this.values.keepLast(nodeId);
      this.#sendSignals(signals);
    }
    this.#parts.onValues(values);
    if (this.#alarms.takeNews() && this.#isReady) this.#parts.onSettled();
  }

  #sendSignals(signals: readonly AlarmSignal[]): void {
    for (const signal of signals) this.#parts.onSignal(signal);
  }

  #reportComms(kind: AlarmSignal['kind']): void {
    this.#parts.onSignal(commsSignal(this, this.#parts.commsLostCode, kind));
  }
}
