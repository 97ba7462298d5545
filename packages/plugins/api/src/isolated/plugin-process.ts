import type { FaultReport, Log } from '@medkit/core';
import { type Clock, type Thread, within } from '@medkit/edges';
import { type Answering, answerBy, Link } from '@medkit/edges/link';
import { EVENT_HOOKS, type EventHook } from '../event-hooks.ts';
import type { ApiRequest, EntityLine, PluginContext } from '../plugin-context.ts';
import type { Topic } from './child-listeners.ts';
import { EventForwarder } from './event-forwarder.ts';
import { LINK_BOUNDS, linkErrors } from './link-errors.ts';
import type { PartsDescription, SetUpRequest } from './protocol.ts';
import { ServedGraph } from './served-graph.ts';

/** How often a process is asked for a sign of life, and how long it may take to give one. */
const PING_MS = 1000;
const SILENCE_MS = 5000;
/** One that has not answered for so long is taken for hanging by those who call it now. */
const PATIENCE_MS = 1500;
/** What a process may say in one such period. More would keep the gateway from its work. */
const MAX_MESSAGES_PER_PING = 5000;
/** From its start to its first sign of life, and until its module is loaded: a robot that is booting has no processor to spare. */
const START_MS = 15_000;
const LOAD_MS = 15_000;
/** Setting up, from then on. All together are shorter than the patience of whoever waits for it. */
const SET_UP_MS = 4500;
/** What the program itself and memory outside of the heap may take besides. */
const OVERHEAD_MB = 192;
const MB = 1_048_576;
const MAX_LOG_LENGTH = 2000;

export interface PluginProcessOptions {
  readonly process: Thread;
  readonly memoryMb: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The context of the plugin in this process, which its own is made of. */
  readonly context: PluginContext;
}

/** One life of the process of a plugin. It is ended when it does not answer, says too much, or takes too much memory. */
export class PluginProcess {
  readonly #options: PluginProcessOptions;
  readonly #link: Link;
  readonly #listeners: EventForwarder;
  readonly #ros: ServedGraph | undefined;
  /** Resolves when it has ended, with the reason in a few words. */
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
      onOverflow: () => this.#end('it does not take in what it listens to'),
    });
    this.#ros = context.ros && new ServedGraph(context.ros, this.#listeners, link);
    this.#link = new Link({
      port: process.port,
      bounds: LINK_BOUNDS,
      errors: linkErrors(),
      onCall: answerBy({ ...contextAnswers(context), ...this.#ros?.answers }),
      onNotice: (name, args) => this.#hear(name, args as readonly never[]),
      onNonsense: () => this.#hearNonsense(),
    });
    const pulse = clock.every(PING_MS, () => this.#ping());
    this.ended = process.ended.then(async (reason) => {
      pulse.cancel();
      const why = this.#reason ?? reason;
      this.#isOver = true;
      this.#link.break(new Error(`its process ended: ${why}`));
      this.#listeners.clear();
      await this.#ros?.close();
      return why;
    });
  }

  /** It has ended, or is about to: no call of it is answered any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** It has given no sign of life for a while: it is about to be ended, or to go on. */
  get isSilent(): boolean {
    return this.#options.clock.monotonicMs() - this.#lastSignMs > PATIENCE_MS;
  }

  async setUp(request: SetUpRequest): Promise<PartsDescription> {
    const { clock } = this.#options;
    const late = (what: string) => (): never => {
      this.#end(`it took longer than ${what}`);
      throw new Error(this.#reason);
    };
    // It answers this before it looks at the plugin, and tells when that is loaded: how soon either is done is for the machine,
    // the rest is for the plugin.
    this.#link.notify('ping');
    const parts = this.call<PartsDescription>('setUp', [request]);
    await within(clock, START_MS, Promise.race([this.#begun.promise, parts]), late(`${START_MS} ms to start`));
    await within(clock, LOAD_MS, Promise.race([this.#loaded.promise, parts]), late(`${LOAD_MS} ms to load its module`));
    const described = await within(clock, SET_UP_MS, parts, late(`${SET_UP_MS} ms to set up`));
    this.#isSetUp = true;
    this.#lastSignMs = clock.monotonicMs();
    return described;
  }

  call<T>(name: string, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    return this.#link.call(name, args, { signal }) as Promise<T>;
  }

  /** Ends it whatever it does. */
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
    const said = this.#link.received - this.#received;
    this.#received = this.#link.received;
    if (said > MAX_MESSAGES_PER_PING) this.#end(`it sent ${said} messages in ${PING_MS} ms`);
    else if (this.#isSetUp && clock.monotonicMs() - this.#lastSignMs > SILENCE_MS)
      this.#end(`it gave no sign of life for ${SILENCE_MS} ms`);
    else this.#link.notify('ping');
  }

  #hear(name: string, args: readonly never[]): void {
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
        this.#hearNonsense();
    }
  }

  /** A library that talks to a process manager, perhaps: told once in the life of a process. */
  #hearNonsense(): void {
    const { context, log } = this.#options;
    if (!this.#saidNonsense) log('warn', `Plugin ${context.name} says something unknown from its process`);
    this.#saidNonsense = true;
  }

  #lives(residentBytes: number): void {
    const { clock, memoryMb } = this.#options;
    this.#lastSignMs = clock.monotonicMs();
    this.#begun.resolve();
    const megabytes = Math.round(residentBytes / MB);
    if (megabytes > memoryMb + OVERHEAD_MB) this.#end(`it took ${megabytes} MB of memory`);
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
      else this.#listeners.add(id, false, (tell) => context.ros?.onGraphChange(tell) ?? (() => undefined));
    } catch (error) {
      this.#log('error', (error as Error).message);
    }
  }
}

/** What a process can ask of the context here. */
function contextAnswers(context: PluginContext): Readonly<Record<string, Answering>> {
  return {
    entities: () => context.entities(),
    reportFault: ([report]: [FaultReport]) => context.reportFault(report),
    record: ([entityId, line]: [string, EntityLine]) => context.record(entityId, line),
    request: ([request]: [ApiRequest]) => context.request(request),
  };
}
