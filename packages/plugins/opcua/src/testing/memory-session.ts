import type { Nameplate } from '@medkit/core';
import {
  type BrowsedNode,
  type ChangedValues,
  type EventSource,
  type MethodArgument,
  type MethodResult,
  type PlcEvent,
  type PlcReading,
  PlcRefused,
  type PlcScalar,
  type PlcSession,
  PlcUnreachable,
  type ReadCondition,
  type VariableFacts,
} from '@medkit/opcua';
import { idOf } from './memory-node.ts';
import type { MemoryServer } from './memory-server.ts';

/** The method ConditionRefresh of ConditionType (OPC 10000-9, 5.5.7). */
const CONDITION_REFRESH = 'i=3875';

/** A session with a PLC in memory. */
export class MemorySession implements PlcSession {
  readonly #plc: MemoryServer;
  readonly #close: () => void;
  readonly #lost = Promise.withResolvers<never>();
  readonly #onValues = new Map<string, (values: ChangedValues) => void>();
  readonly #onEvent = new Map<string, (event: PlcEvent) => void>();
  #problem: string | undefined;

  constructor(plc: MemoryServer, close: () => void) {
    this.#plc = plc;
    this.#close = close;
    this.#lost.promise.catch(() => undefined);
  }

  get server() {
    return this.#plc.server;
  }

  get watched(): readonly string[] {
    return [...this.#onValues.keys()];
  }

  get watchedNotifiers(): readonly string[] {
    return [...this.#onEvent.keys()];
  }

  /** Ends the session: all pending and further requests reject. */
  end(problem: string): void {
    this.#problem = problem;
    this.#onValues.clear();
    this.#onEvent.clear();
    this.#lost.reject(new PlcUnreachable(`${this.server.endpointUrl}: ${problem}`));
  }

  /** Reports changed variables, once per watcher. */
  report(nodeIds: readonly string[]): void {
    const byListener = new Map<(values: ChangedValues) => void, [string, PlcReading][]>();
    for (const nodeId of nodeIds) {
      const onValues = this.#onValues.get(nodeId);
      if (onValues === undefined) continue;
      const values = byListener.get(onValues) ?? [];
      byListener.set(onValues, values);
      values.push([nodeId, this.#plc.reading(nodeId)]);
    }
    for (const [onValues, values] of byListener) onValues(values);
  }

  emitEvent(event: PlcEvent): void {
    this.#onEvent.get(event.notifier)?.(event);
  }

  namespaces(): Promise<readonly string[] | undefined> {
    return this.#ask(() => this.#plc.namespaces);
  }

  read(nodeIds: readonly string[]): Promise<readonly PlcReading[]> {
    return this.#ask(() => {
      this.#checkReads();
      return nodeIds.map((nodeId) => this.#plc.reading(idOf(nodeId)));
    });
  }

  write(nodeId: string, value: PlcScalar): Promise<void> {
    return this.#ask(() => {
      const id = idOf(nodeId);
      this.#plc.check(id, 'write');
      const node = this.#plc.nodes.get(id);
      if (node === undefined) throw this.#refusal('write', id, 'BadNodeIdUnknown');
      if (!node.isWritable) throw this.#refusal('write', id, 'BadNotWritable');
      this.#plc.writes.push({ nodeId: id, value });
      this.#plc.set(id, value);
    });
  }

  watch(nodeIds: readonly string[], _intervalMs: number, onValues: (values: ChangedValues) => void) {
    return this.#ask(() => {
      const refused = new Map<string, string>();
      for (const nodeId of nodeIds) {
        const id = idOf(nodeId);
        const refusal =
          this.#plc.watchRefused ??
          this.#plc.refusalOf(id) ??
          (this.#plc.nodes.has(id) ? undefined : 'BadNodeIdUnknown');
        if (refusal === undefined) this.#onValues.set(id, onValues);
        else refused.set(nodeId, refusal);
      }
      this.report(nodeIds.map(idOf).filter((id) => this.#onValues.get(id) === onValues));
      return refused;
    });
  }

  watchEvents(sources: readonly EventSource[], onEvent: (event: PlcEvent) => void) {
    return this.#ask(() => {
      const refused = new Map<string, string>();
      for (const { notifier } of sources) {
        const refusal = this.#plc.refusalOf(idOf(notifier));
        if (refusal === undefined) this.#onEvent.set(idOf(notifier), onEvent);
        else refused.set(notifier, refusal);
      }
      return refused;
    });
  }

  refreshConditions(): Promise<void> {
    return this.#ask(() => {
      this.#plc.check(CONDITION_REFRESH, 'call');
      this.#plc.refreshes++;
      for (const event of this.#plc.retained) this.emitEvent(event);
    });
  }

  readConditions({ notifier }: EventSource): Promise<readonly ReadCondition[]> {
    return this.#ask(() => {
      this.#checkReads();
      this.#plc.check(idOf(notifier), 'browse');
      this.#plc.conditionReads++;
      return this.#plc.conditions.get(idOf(notifier)) ?? [];
    });
  }

  acknowledge(conditionId: string, eventId: Uint8Array, comment: string): Promise<void> {
    return this.#ask(() => {
      this.#plc.check(idOf(conditionId), 'acknowledge');
      this.#plc.acknowledged.push({ conditionId: idOf(conditionId), eventId, comment });
    });
  }

  confirm(conditionId: string, eventId: Uint8Array, comment: string): Promise<void> {
    return this.#ask(() => {
      this.#plc.check(idOf(conditionId), 'confirm');
      this.#plc.confirmed.push({ conditionId: idOf(conditionId), eventId, comment });
    });
  }

  browse(nodeId: string, limit: number): Promise<readonly BrowsedNode[]> {
    return this.#ask(() => {
      const parent = idOf(nodeId);
      this.#plc.check(parent, 'browse');
      const below = [...this.#plc.nodes].filter(([, node]) => node.parent === parent).slice(0, limit);
      return below.map(([id, { kind, browseName, displayName }]) => ({ nodeId: id, browseName, displayName, kind }));
    });
  }

  describe(nodeIds: readonly string[]): Promise<readonly VariableFacts[]> {
    return this.#ask(() =>
      nodeIds.map((nodeId) => {
        const { type, unit, range, names, isWritable = false } = this.#plc.nodes.get(idOf(nodeId)) ?? {};
        return { type, unit, ...(range && { range }), ...(names && { names }), isWritable };
      }),
    );
  }

  describeMethod(
    methodId: string,
  ): Promise<{ readonly input: readonly MethodArgument[]; readonly output: readonly MethodArgument[] }> {
    return this.#ask(() => {
      this.#plc.check(idOf(methodId), 'describe');
      const { input, output } = this.#method(methodId);
      return { input, output };
    });
  }

  call(objectId: string, methodId: string, input: readonly PlcScalar[]): Promise<readonly MethodResult[]> {
    return this.#ask(() => {
      this.#plc.check(idOf(methodId), 'call');
      const method = this.#method(methodId);
      if (input.length < method.input.length) throw this.#refusal('call', methodId, 'BadArgumentsMissing');
      this.#plc.calls.push({ objectId: idOf(objectId), methodId: idOf(methodId), input });
      return method.answer(input).map((value) => ({ value }));
    });
  }

  readNameplate(): Promise<Nameplate> {
    return this.#ask(() => this.#plc.nameplate);
  }

  async close(): Promise<void> {
    if (this.#problem === undefined) this.#close();
  }

  #checkReads(): void {
    const { readRefused: status, server } = this.#plc;
    if (status !== undefined) throw new PlcRefused(`${server.endpointUrl} refused: ${status}`, status);
  }

  #method(methodId: string) {
    const node = this.#plc.nodes.get(idOf(methodId));
    if (node?.kind !== 'method') throw this.#refusal('call', methodId, 'BadMethodInvalid');
    return node;
  }

  #refusal(what: string, nodeId: string, status: string): PlcRefused {
    return new PlcRefused(`${this.server.endpointUrl} does not ${what} ${nodeId}: ${status}`, status);
  }

  async #ask<T>(answer: () => T): Promise<T> {
    if (this.#problem !== undefined) return this.#lost.promise;
    await Promise.race([this.#plc.answered(), this.#lost.promise]);
    return answer();
  }
}
