import type { Nameplate } from '@medkit/core';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused, PlcUnreachable } from '../plc-error.ts';
import type { EventSource, PlcEvent } from '../plc-event.ts';
import type { PlcReading, PlcScalar } from '../plc-reading.ts';
import type {
  BrowsedNode,
  ChangedValues,
  MethodResult,
  PlcSession,
  ServerFacts,
  VariableFacts,
} from '../plc-session.ts';
import { type BrowseQuestion, browseAll } from '../services/browsing.ts';
import { acknowledge, confirm, readConditions, refreshConditions } from '../services/conditions.ts';
import { callMethod, describeMethod, type MethodFacts } from '../services/method-calls.ts';
import { readNameplate } from '../services/nameplate.ts';
import { SessionNamespaces } from '../services/namespace-array.ts';
import { ATTRIBUTES, readAttributes, readingOf } from '../services/readings.ts';
import { BuiltInTypes, describeVariables, typesOf } from '../services/variable-facts.ts';
import { keepAlive } from '../subscriptions/keep-alive.ts';
import { Publishing } from '../subscriptions/publishing.ts';
import { WatchedEvents } from '../subscriptions/watched-events.ts';
import { WatchedValues } from '../subscriptions/watched-values.ts';
import { nodeIdOf } from '../values/node-ids.ts';
import { qualityOf, statusName } from '../values/status.ts';
import { writtenVariant } from '../values/written-variant.ts';
import type { SessionOptions } from './session-options.ts';

const HIERARCHICAL: BrowseQuestion['references'] = 'i=33';

/** A session with an OPC UA server. */
export class OpcuaSession implements PlcSession {
  /** Called once when the session is lost, not when it is closed. */
  onLost: (error: PlcUnreachable) => void = () => undefined;
  readonly server: ServerFacts;
  readonly #session: SessionChannel;
  readonly #publishing: Publishing;
  readonly #values: WatchedValues;
  readonly #events: WatchedEvents;
  readonly #types: BuiltInTypes;
  readonly #namespaces: SessionNamespaces;
  readonly #writtenTypes = new Map<string, string>();
  readonly #methods = new Map<string, MethodFacts>();
  readonly #keepAlive: { cancel(): void };
  #closed: Promise<void> | undefined;

  constructor(session: SessionChannel, server: ServerFacts, { eventIntervalMs = 500, log }: SessionOptions) {
    this.server = server;
    this.#session = session;
    this.#publishing = new Publishing(session, log);
    this.#values = new WatchedValues(session, this.#publishing);
    this.#events = new WatchedEvents(session, this.#publishing, eventIntervalMs, log);
    this.#types = new BuiltInTypes(session);
    this.#namespaces = new SessionNamespaces(session);
    this.#keepAlive = keepAlive(session, this.#publishing, () => this.#namespaces.check());
    session.channel.onLost = (error) => {
      this.#stop(error);
      this.onLost(error);
    };
  }

  /** Why the session is lost, if it is; that may happen before `onLost` is set. */
  get problem(): PlcUnreachable | undefined {
    return this.#session.channel.problem;
  }

  namespaces(): Promise<readonly string[] | undefined> {
    return this.#namespaces.read();
  }

  async read(nodeIds: readonly string[]): Promise<readonly PlcReading[]> {
    const { clock, library } = this.#session;
    const values = await readAttributes(
      this.#session,
      nodeIds.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
    );
    const receivedNs = clock.wallNs();
    return values.map((value) => readingOf(library, value, receivedNs));
  }

  async write(nodeId: string, value: PlcScalar): Promise<void> {
    const { library, endpointUrl } = this.#session;
    await this.#namespaces.check();
    const variant = writtenVariant(await this.#writtenType(nodeId), value, nodeId);
    const request = new library.WriteRequest({
      nodesToWrite: [
        { nodeId: nodeIdOf(library, nodeId), attributeId: ATTRIBUTES.value, value: { value: variant as never } },
      ],
    });
    const [result] = (await this.#session.ask(request, library.WriteResponse)).results ?? [];
    if (result === undefined) throw this.#session.channel.fail(new Error('the response to Write has no result'));
    if (qualityOf(result.value) !== 'bad') return;
    const status = statusName(library, result.value);
    throw new PlcRefused(`${endpointUrl} refused to write ${nodeId}: ${status}`, status);
  }

  watch(nodeIds: readonly string[], intervalMs: number, onValues: (values: ChangedValues) => void) {
    return this.#values.watch(nodeIds, intervalMs, onValues);
  }

  watchEvents(sources: readonly EventSource[], onEvent: (event: PlcEvent) => void) {
    return this.#events.watch(sources, onEvent);
  }

  refreshConditions(): Promise<void> {
    return this.#events.refresh((subscription) => refreshConditions(this.#session, subscription));
  }

  readConditions(source: EventSource) {
    return readConditions(this.#session, source);
  }

  acknowledge(conditionId: string, eventId: Uint8Array, comment: string): Promise<void> {
    return acknowledge(this.#session, conditionId, eventId, comment);
  }

  confirm(conditionId: string, eventId: Uint8Array, comment: string): Promise<void> {
    return confirm(this.#session, conditionId, eventId, comment);
  }

  async browse(nodeId: string, limit: number): Promise<readonly BrowsedNode[]> {
    const found = await browseAll(this.#session, { nodeId, references: HIERARCHICAL, limit });
    return found.flatMap(({ kind, ...node }) => (kind === undefined ? [] : [{ ...node, kind }]));
  }

  describe(nodeIds: readonly string[]): Promise<readonly VariableFacts[]> {
    return describeVariables(this.#session, this.#types, nodeIds);
  }

  async describeMethod(methodId: string): Promise<MethodFacts> {
    const facts = this.#methods.get(methodId) ?? (await describeMethod(this.#session, this.#types, methodId));
    this.#methods.set(methodId, facts);
    return facts;
  }

  async call(objectId: string, methodId: string, values: readonly PlcScalar[]): Promise<readonly MethodResult[]> {
    await this.#namespaces.check();
    const { input } = await this.describeMethod(methodId);
    return callMethod(this.#session, { objectId, methodId, input }, values);
  }

  readNameplate(): Promise<Nameplate> {
    return readNameplate(this.#session);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { library, channel, clock, endpointUrl } = this.#session;
    this.#stop(new PlcUnreachable(`${endpointUrl}: the session was closed`));
    const request = new library.CloseSessionRequest({ deleteSubscriptions: true });
    // If the server is unreachable or refuses, the session is left without its answer.
    const closed = this.#session.ask(request, library.CloseSessionResponse, CLOSE_TIMEOUT_MS).catch(() => undefined);
    const patience = Promise.withResolvers<void>();
    const timer = clock.after(CLOSE_PATIENCE_MS, patience.resolve);
    await Promise.race([closed, patience.promise]);
    timer.cancel();
    await channel.close();
  }

  async #writtenType(nodeId: string): Promise<string | undefined> {
    const known = this.#writtenTypes.get(nodeId);
    if (known !== undefined) return known;
    const [type] = await typesOf(this.#session, this.#types, [nodeId]);
    // Not stored if absent: the server may provide the type next time.
    if (type !== undefined) this.#writtenTypes.set(nodeId, type);
    return type;
  }

  #stop(error: PlcUnreachable): void {
    this.#keepAlive.cancel();
    this.#publishing.stop();
    this.#events.stop(error);
  }
}

/** The library's minimum. */
const CLOSE_TIMEOUT_MS = 5000;
/**
 * How long a server has to close a session, in milliseconds: a gateway that exits must not wait for an unplugged PLC.
 */
const CLOSE_PATIENCE_MS = 1000;
