import type { FaultReport, Log } from '@medkit/core';
import { type Clock, type Thread, within } from '@medkit/edges';
import { type CallHandler, dispatchCalls, Link } from '@medkit/edges/link';
import { EVENT_HOOKS, type EventHook } from '../event-hooks.ts';
import type { ApiRequest, EntityLine, FaultEnd, PluginContext } from '../plugin-context.ts';
import type { Topic } from './child-listeners.ts';
import { EventForwarder } from './event-forwarder.ts';
import { GraphServer } from './graph-server.ts';
import { LINK_BOUNDS, linkErrors } from './link-errors.ts';
import type { PartsDescription, SetUpRequest } from './protocol.ts';

/** Interval of pings, and the maximum time without a reply, in milliseconds. */
const PING_MS = 1000;
const SILENCE_MS = 5000;
/** Time without a reply after which calls treat the process as hanging. */
const PATIENCE_MS = 1500;
/** Maximum messages of a process per ping interval. More would keep the gateway from its work. */
const MAX_MESSAGES_PER_PING = 5000;
/**
 * Maximum time from the start to the first reply, and until the module is loaded. Long, because a booting robot has
 * little CPU time to spare.
 */
const START_MS = 15_000;
const LOAD_MS = 15_000;
/** Maximum time for `setup` after that. All three together are below the timeout of the caller. */
const SET_UP_MS = 4500;
/** Memory of the program itself and outside of the heap, allowed in addition to the configured limit. */
const OVERHEAD_MB = 192;
const MB = 1_048_576;
const MAX_LOG_LENGTH = 2000;

export interface PluginProcessOptions {
  readonly process: Thread;
  readonly memoryMb: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The plugin's context in the gateway, which backs the context in the process. */
  readonly context: PluginContext;
}

/**
 * A single process of a plugin. The gateway ends it if it does not reply, sends too many messages, or uses too much
 * memory.
 */
export class PluginProcess {
  readonly #options: PluginProcessOptions;
  readonly #link: Link;
  readonly #listeners: EventForwarder;
  readonly #ros: GraphServer | undefined;
  /** Resolves with a short reason when the process has ended. */
  readonly ended: Promise<string>;
  readonly #begun = Promise.withResolvers<void>();
  readonly #loaded = Promise.withResolvers<void>();
  #isSetUp = false;
  #reason: string | undefined;
  #lastSignMs: number;
  #received = 0;
  #saidNonsense = false;
  #isOver = false;

  constructor(options: PluginProcessOptions) {
    const { process, clock, context } = options;
    this.#options = options;
    this.#lastSignMs = clock.monotonicMs();
    const link = () => this.#link;
    this.#listeners = new EventForwarder({
      link,
      onOverflow: () => this.#end('it does not process the events of its listeners'),
    });
    this.#ros = context.ros && new GraphServer(context.ros, this.#listeners, link);
    this.#link = new Link({
      port: process.port,
      bounds: LINK_BOUNDS,
      errors: linkErrors(),
      onCall: dispatchCalls({ ...contextAnswers(context), ...this.#ros?.answers }),
      onNotice: (name, args) => this.#receive(name, args as readonly never[]),
      onInvalidMessage: () => this.#receiveInvalid(),
    });
    const pulse = clock.every(PING_MS, () => this.#ping());
    this.ended = process.ended.then(async (reason) => {
      pulse.cancel();
      const cause = this.#reason ?? reason;
      this.#isOver = true;
      this.#link.break(new Error(`its process ended: ${cause}`));
      this.#listeners.clear();
      await this.#ros?.close();
      return cause;
    });
  }

  /** Whether the process has ended or is about to. Calls to it get no answer then. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the process has not replied for a while. It either continues or is about to be ended. */
  get isSilent(): boolean {
    return this.#options.clock.monotonicMs() - this.#lastSignMs > PATIENCE_MS;
  }

  async setUp(request: SetUpRequest): Promise<PartsDescription> {
    const { clock } = this.#options;
    const late = (what: string) => (): never => {
      this.#end(`it took longer than ${what}`);
      throw new Error(this.#reason);
    };
    // The process replies to the ping before it loads the plugin, and reports when the module is loaded. Start and
    // loading depend on the machine, so they have longer limits than `setup`, which depends on the plugin.
    this.#link.notify('ping');
    const parts = this.call<PartsDescription>('setUp', [request]);
    await within(clock, START_MS, Promise.race([this.#begun.promise, parts]), late(`${START_MS} ms to start`));
    await within(clock, LOAD_MS, Promise.race([this.#loaded.promise, parts]), late(`${LOAD_MS} ms to load its module`));
    const described = await within(clock, SET_UP_MS, parts, late(`${SET_UP_MS} ms to set up`));
    // Not earlier: on a machine without idle processor time, a start with low priority would exceed these limits.
    this.#options.process.lowerPriority?.();
    this.#isSetUp = true;
    this.#lastSignMs = clock.monotonicMs();
    return described;
  }

  call<T>(name: string, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    return this.#link.call(name, args, { signal }) as Promise<T>;
  }

  /** Ends the process in any state. */
  async end(): Promise<void> {
    this.#end('it was stopped');
    await this.ended;
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    void this.#options.process.end();
  }

  #ping(): void {
    const { clock } = this.#options;
    const messages = this.#link.received - this.#received;
    this.#received = this.#link.received;
    if (messages > MAX_MESSAGES_PER_PING) this.#end(`it sent ${messages} messages in ${PING_MS} ms`);
    else if (this.#isSetUp && clock.monotonicMs() - this.#lastSignMs > SILENCE_MS)
      this.#end(`it did not respond for ${SILENCE_MS} ms`);
    else this.#link.notify('ping');
  }

  #receive(name: string, args: readonly never[]): void {
    const { context } = this.#options;
    switch (name) {
      case 'pong':
        this.#lives(Number(args[0]));
        break;
      case 'loaded':
        this.#loaded.resolve();
        break;
      case 'changed':
        context.changed();
        break;
      case 'resourceChanged':
        context.resourceChanged(args[0] as never);
        break;
      case 'log':
        this.#log(args[0], args[1]);
        break;
      case 'listen':
        this.#listen(...(args as unknown as readonly [Topic, number]));
        break;
      case 'unlisten':
        this.#listeners.remove(args[0] as number);
        break;
      case 'taken':
        this.#listeners.taken(args[0] as number);
        if (args[1] !== undefined) this.#log('error', `a listener failed: ${args[1]}`);
        break;
      default:
        this.#receiveInvalid();
    }
  }

  /** Handles an unknown message. A library that talks to a process manager may send some; logged once per process. */
  #receiveInvalid(): void {
    const { context, log } = this.#options;
    if (!this.#saidNonsense) log('warn', `Plugin ${context.name} sent an unknown message from its process`);
    this.#saidNonsense = true;
  }

  #lives(residentBytes: number): void {
    const { clock, memoryMb } = this.#options;
    this.#lastSignMs = clock.monotonicMs();
    this.#begun.resolve();
    const megabytes = Math.round(residentBytes / MB);
    if (megabytes > memoryMb + OVERHEAD_MB) this.#end(`it used ${megabytes} MB of memory`);
  }

  #log(level: unknown, message: unknown): void {
    const known = level === 'info' || level === 'warn' || level === 'error' ? level : 'info';
    this.#options.context.log(known, String(message).slice(0, MAX_LOG_LENGTH));
  }

  #listen(topic: Topic, id: number): void {
    const { context } = this.#options;
    const isEvent = Object.hasOwn(EVENT_HOOKS, topic);
    if (!isEvent && topic !== 'graph') return;
    try {
      if (isEvent) this.#listeners.add(id, EVENT_HOOKS[topic as EventHook].losable, context[topic as EventHook]);
      else this.#listeners.add(id, false, (deliver) => context.ros?.onGraphChange(deliver) ?? (() => undefined));
    } catch (error) {
      this.#log('error', (error as Error).message);
    }
  }
}

/** Returns the calls that a process can make to its context in the gateway. */
function contextAnswers(context: PluginContext): Readonly<Record<string, CallHandler>> {
  return {
    entities: () => context.entities(),
    reportFault: ([report]: [FaultReport]) => context.reportFault(report),
    clearFault: ([fault]: [FaultEnd]) => context.clearFault(fault),
    record: ([entityId, line]: [string, EntityLine]) => context.record(entityId, line),
    request: ([request]: [ApiRequest]) => context.request(request),
  };
}
