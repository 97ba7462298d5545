import { SovdError } from '@medkit/contract';
import { type Clock, within } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { LOCAL, type Origin } from '../entity/entity.ts';
import type { CoreEvents } from '../events/core-events.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { LogBuffers } from '../logs/log-buffer.ts';
import type { Log } from '../logs/log-entry.ts';
import type { CallContext } from '../providers/call-context.ts';
import { closableWatches } from './closable-watches.ts';
import { errorMessage } from './error-message.ts';
import { Guard } from './guard.ts';
import { guardedProviders, type ProviderSpans } from './guarded-providers.ts';
import { mergeBlocks, quotaBlock } from './health-blocks.ts';
import { callWithHop, hopRefusal } from './hops.ts';
import type { Providers, Runtime, RuntimeHealth, RuntimeHost, Warning } from './runtime.ts';
import { RuntimeAvailability } from './runtime-availability.ts';

/** Maximum time for a runtime to report its health; `/health` then answers without it. */
const HEALTH_TIMEOUT_MS = 1000;
/** Maximum time for a runtime to stop; the gateway then continues without it. */
const STOP_TIMEOUT_MS = 5000;

/**
 * State of a runtime. `silent`: a runtime at another gateway that does not respond; calls fail fast until it responds.
 * `gone`: removed, or the gateway is closed.
 */
export interface RuntimeState {
  readonly state: 'starting' | 'running' | 'silent' | 'failed' | 'gone';
  /** Start of the state, in wall-clock milliseconds. */
  readonly sinceMs: number;
}

type State =
  | { readonly is: 'starting' | 'running' | 'removed' | 'stopped' }
  | { readonly is: 'failed'; readonly reason: string };

export interface HostedRuntimeOptions {
  readonly runtime: Runtime;
  /** Unique id of this gateway. */
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
  readonly events: Pick<EventBus<CoreEvents>, 'emit'>;
  readonly logs: Pick<LogBuffers, 'open'>;
  /** Records the calls to providers; absent if traces are disabled. */
  readonly spans?: ProviderSpans | undefined;
}

/** A runtime hosted in isolation: its failures stay contained. */
export class HostedRuntime {
  readonly name: string;
  readonly origin: Origin;
  readonly providers: Providers;
  readonly #options: HostedRuntimeOptions;
  readonly #hop: Parameters<typeof callWithHop>[0];
  /** Absent for runtimes of this gateway. */
  readonly #availability: RuntimeAvailability | undefined;
  readonly #logBuffer: ReturnType<LogBuffers['open']> | undefined;
  readonly #watches: ReturnType<typeof closableWatches> | undefined;
  /** One for each provider: a node whose services do not respond still has data. */
  readonly #guards = new Map<keyof Providers, Guard>();
  #state: State = { is: 'starting' };
  #sinceMs: number;
  #lastContribution: Contribution | undefined;
  #contributionFailure: string | undefined;

  constructor(options: HostedRuntimeOptions) {
    const { runtime, gateway, clock, logs } = options;
    const { name, origin = LOCAL } = runtime;
    this.name = name;
    this.origin = origin;
    this.#options = options;
    this.#hop = { gateway, runtime: name, origin };
    this.#sinceMs = clock.wallMs();
    this.#availability = origin === LOCAL ? undefined : new RuntimeAvailability({ clock });
    this.#logBuffer =
      runtime.records &&
      logs.open({
        ...runtime.records,
        logged: (entry) => this.#emit('log.added', { runtime: name, origin, entry }),
      });
    const guarded = this.#guardedProviders();
    this.#watches = guarded.data && closableWatches(guarded.data);
    this.providers = this.#watches ? { ...guarded, data: this.#watches.provider } : guarded;
  }

  get state(): RuntimeState {
    const { is } = this.#state;
    if (is === 'removed' || is === 'stopped') return { state: 'gone', sinceMs: this.#sinceMs };
    const silentMs = is === 'running' ? this.#availability?.sinceMs : undefined;
    return silentMs === undefined ? { state: is, sinceMs: this.#sinceMs } : { state: 'silent', sinceMs: silentMs };
  }

  /** Returns the stored records of these loggers and those below them, in order of arrival. */
  recorded(loggers: Parameters<RuntimeHost['recorded']>[0]): ReturnType<RuntimeHost['recorded']> {
    return this.#logBuffer?.of(loggers) ?? [];
  }

  /** Resolves when the runtime runs, has failed, or has used up `timeoutMs`. Never rejects. */
  start(timeoutMs: number): Promise<void> {
    return within(this.#options.clock, timeoutMs, this.#begin(), () => undefined);
  }

  /** Ends all calls in progress with `error`. Calls that change something end with an unknown outcome instead. */
  endCalls(error: SovdError): void {
    for (const guard of this.#guards.values()) guard.end(error);
  }

  /**
   * Stops the runtime permanently. Ends calls in progress, closes watches, and ignores everything the runtime reports
   * afterwards.
   */
  async stop(reason: 'removed' | 'stopped'): Promise<void> {
    if (this.#isOver) return;
    const { runtime, clock, log } = this.#options;
    const hasFailed = this.#state.is === 'failed';
    this.#become({ is: reason });
    if (reason === 'removed') this.#logBuffer?.close();
    if (hasFailed) return;
    const error = refusal(this.name, this.#state);
    if (error) this.endCalls(error);
    const watches = this.#watches?.end();
    const stopped = Promise.resolve()
      .then(() => Promise.all([watches, runtime.stop()]))
      .then(() => undefined)
      .catch((failure: unknown) => log('warn', `Runtime ${this.name} did not stop cleanly: ${errorMessage(failure)}`));
    await within(clock, STOP_TIMEOUT_MS, stopped, () => log('warn', `Runtime ${this.name} did not stop in time`));
  }

  /**
   * Returns what the runtime reports now, or its last contribution if that fails. Returns `undefined` while the runtime
   * does not run.
   */
  contribution(): Contribution | undefined {
    if (this.#state.is !== 'running') return undefined;
    const { name, origin } = this;
    try {
      this.#lastContribution = { ...this.#options.runtime.contribution(), runtime: name, origin };
      this.#contributionFailure = undefined;
    } catch (error) {
      this.#contributionFailure = errorMessage(error);
      this.#options.log('error', `Runtime ${name} failed to report its entities: ${this.#contributionFailure}`);
    }
    return this.#lastContribution;
  }

  async health(): Promise<RuntimeHealth> {
    const { name, origin } = this;
    const stateWarnings = warningsOf(name, this.#state, this.#contributionFailure);
    if (this.#state.is !== 'running') return { warnings: stateWarnings, blocks: {} };
    // A silent runtime would only delay the answer.
    const silentMs = this.#availability?.sinceMs;
    if (silentMs !== undefined) return { warnings: [...stateWarnings, silentPeer(name, origin, silentMs)], blocks: {} };
    const reported = await this.#reportedHealth();
    const suspended = this.#suspended();
    const calls = quotaBlock(
      Object.fromEntries([...this.#guards].map(([what, guard]) => [`${name}_${what}_calls`, guard])),
    );
    return {
      warnings: [...stateWarnings, ...reported.warnings],
      blocks: mergeBlocks([
        reported,
        { blocks: { ...calls, ...(suspended > 0 && { 'x-medkit-suspended-calls': { [name]: suspended } }) } },
      ]),
    };
  }

  /** Returns the number of entities whose calls are suspended, of the provider with the most. */
  #suspended(): number {
    return Math.max(0, ...Array.from(this.#guards.values(), ({ suspended }) => suspended));
  }

  get #isOver(): boolean {
    return this.#state.is === 'removed' || this.#state.is === 'stopped';
  }

  #become(next: State): void {
    this.#state = next;
    this.#sinceMs = this.#options.clock.wallMs();
  }

  /** Ignores late events of a removed runtime: a new runtime may have the same name by now. */
  #emit<Event extends keyof CoreEvents>(event: Event, body: CoreEvents[Event]): void {
    if (this.#isOver) return;
    this.#availability?.markResponding();
    this.#options.events.emit(event, body);
  }

  #guardedProviders(): Providers {
    const { runtime } = this.#options;
    const hop = this.#hop;
    const providers: Providers = { ...(this.#logBuffer && { logs: this.#logBuffer.provider }), ...runtime.providers };
    const refused = (call: CallContext): SovdError | undefined =>
      refusal(this.name, this.#state) ?? hopRefusal(hop, call);
    return guardedProviders(providers, {
      span: this.#options.spans,
      call: (provider, nativeId, call, work) => {
        const error = refused(call);
        return error ? Promise.reject(error) : this.#guardOf(provider).call(nativeId, callWithHop(hop, call), work);
      },
      change: (provider, nativeId, call, work) => {
        const error = refused(call);
        return error ? Promise.reject(error) : this.#guardOf(provider).change(nativeId, callWithHop(hop, call), work);
      },
      watch: async (provider, nativeId, call, work) => {
        const error = refused(call);
        if (error) throw error;
        return this.#guardOf(provider).watch(nativeId, callWithHop(hop, call), work);
      },
    });
  }

  #guardOf(provider: keyof Providers): Guard {
    const known = this.#guards.get(provider);
    if (known) return known;
    const { clock, log } = this.#options;
    // A log stored in this gateway says nothing about whether the runtime responds.
    const isStoredHere = provider === 'logs' && this.#logBuffer !== undefined;
    const availability = isStoredHere ? undefined : this.#availability;
    const guard = new Guard({ runtime: this.name, clock, log, ...(availability && { availability }) });
    this.#guards.set(provider, guard);
    return guard;
  }

  async #begin(): Promise<void> {
    const { runtime, changed, log } = this.#options;
    try {
      await runtime.start(this.#runtimeHost());
      // The runtime was stopped while it was starting. Stop it again to release what it opened.
      if (this.#isOver) return await runtime.stop();
      this.#become({ is: 'running' });
      changed();
    } catch (error) {
      if (this.#isOver) return;
      const reason = errorMessage(error);
      this.#become({ is: 'failed', reason });
      log('error', `Runtime ${this.name} did not start: ${reason}`);
    }
  }

  /** Returns what the runtime sees of the gateway. */
  #runtimeHost(): RuntimeHost {
    const { changed, log } = this.#options;
    const source = { runtime: this.name, origin: this.origin };
    return {
      changed: () => {
        if (this.#isOver) return;
        this.#availability?.markResponding();
        changed();
      },
      dataChanged: () => this.#emit('data.changed', source),
      record: (record, from) => {
        if (!this.#isOver) this.#logBuffer?.keep(record, from);
      },
      recorded: (loggers) => this.recorded(loggers),
      faultChanged: (event) => this.#emit('fault.event', { ...source, event }),
      operationChanged: (change) => this.#emit('operation.changed', { ...source, ...change }),
      serviceCalled: (call) => this.#emit('service.called', { ...source, ...call }),
      configurationChanged: (change) => this.#emit('configuration.changed', { ...source, ...change }),
      log,
    };
  }

  #reportedHealth(): Promise<RuntimeHealth> {
    const { runtime, clock } = this.#options;
    const silent = (reason: string): RuntimeHealth => ({
      warnings: [{ code: 'runtime_silent', message: `Runtime ${this.name} failed to report its health: ${reason}` }],
      blocks: {},
    });
    const pending = Promise.resolve()
      .then(() => runtime.health())
      .catch((error: unknown) => silent(errorMessage(error)));
    return within(clock, HEALTH_TIMEOUT_MS, pending, () => silent(`no answer in ${HEALTH_TIMEOUT_MS} ms`));
  }
}

function silentPeer(runtime: string, origin: Origin, sinceMs: number): Warning {
  const since = new Date(sinceMs).toISOString();
  const message = `Runtime ${runtime} has not answered since ${since}: its last known state is shown, and it is queried again periodically`;
  return { code: 'runtime_silent', message, peerNames: [origin] };
}

function warningsOf(name: string, state: State, contributionFailure: string | undefined): readonly Warning[] {
  if (state.is === 'failed') {
    const message = `Runtime ${name} did not start, so its entities are missing: ${state.reason}`;
    return [{ code: 'runtime_failed', message }];
  }
  if (state.is === 'starting') return [{ code: 'runtime_starting', message: `Runtime ${name} is still starting` }];
  if (contributionFailure === undefined) return [];
  return [
    {
      code: 'runtime_failed',
      message: `Runtime ${name} failed to report its entities, so the tree shows its previous entities: ${contributionFailure}`,
    },
  ];
}

function refusal(runtime: string, state: State): SovdError | undefined {
  if (state.is === 'running') return undefined;
  if (state.is === 'stopped') return new SovdError({ code: 'x-medkit-gateway-shutdown' });
  if (state.is === 'removed') {
    const message = `Runtime ${runtime} has been removed`;
    return new SovdError({ code: 'service-unavailable', message, parameters: { runtime } });
  }
  const problem = state.is === 'failed' ? `did not start: ${state.reason}` : 'is still starting';
  return new SovdError({
    code: 'service-unavailable',
    message: `Runtime ${runtime} ${problem}`,
    parameters: { runtime },
  });
}
