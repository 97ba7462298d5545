import { SovdError } from '@medkit/contract';
import { type Clock, within } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { LOCAL, type Origin } from '../entity/entity.ts';
import type { CoreEvents } from '../events/core-events.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { LogBuffers } from '../logs/log-buffer.ts';
import type { CallContext } from './call-context.ts';
import { closableWatches } from './closable-watches.ts';
import { errorMessage } from './error-message.ts';
import { Guard } from './guard.ts';
import { guardedProviders } from './guarded-providers.ts';
import { mergeBlocks, quotaBlock } from './health-blocks.ts';
import { callWithHop, hopRefusal } from './hops.ts';
import type { Log, Providers, Runtime, RuntimeHealth, RuntimeHost, Warning } from './runtime.ts';
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

/** A runtime hosted in isolation: its failures stay contained. */
export interface HostedRuntime {
  readonly name: string;
  readonly origin: Origin;
  readonly providers: Providers;
  readonly state: RuntimeState;
  /** Returns the stored records of these loggers and those below them, in order of arrival. */
  readonly recorded: RuntimeHost['recorded'];
  /** Resolves when the runtime runs, has failed, or has used up `timeoutMs`. Never rejects. */
  start(timeoutMs: number): Promise<void>;
  /** Ends all calls in progress with `error`. Calls that change something end with an unknown outcome instead. */
  endCalls(error: SovdError): void;
  /**
   * Stops the runtime permanently. Ends calls in progress, closes watches, and ignores everything the runtime reports
   * afterwards.
   */
  stop(reason: 'removed' | 'stopped'): Promise<void>;
  /**
   * Returns what the runtime reports now, or its last contribution if that fails. Returns `undefined` while the runtime
   * does not run.
   */
  contribution(): Contribution | undefined;
  health(): Promise<RuntimeHealth>;
}

type State =
  | { readonly is: 'starting' | 'running' | 'removed' | 'stopped' }
  | { readonly is: 'failed'; readonly reason: string };

export function hostRuntime({
  runtime,
  gateway,
  clock,
  log,
  changed,
  events,
  logs,
}: {
  readonly runtime: Runtime;
  /** Unique id of this gateway. */
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
  readonly events: Pick<EventBus<CoreEvents>, 'emit'>;
  readonly logs: Pick<LogBuffers, 'open'>;
}): HostedRuntime {
  const { name, origin = LOCAL } = runtime;
  const hop = { gateway, runtime: name, origin };
  let state: State = { is: 'starting' };
  let sinceMs = clock.wallMs();
  const become = (next: State): void => {
    state = next;
    sinceMs = clock.wallMs();
  };
  const availability = origin === LOCAL ? undefined : new RuntimeAvailability({ clock });
  let lastContribution: Contribution | undefined;
  let contributionFailure: string | undefined;
  // Each provider has a separate guard: a node whose services do not respond still has data.
  const guards = new Map<keyof Providers, Guard>();
  const guardOf = (provider: keyof Providers): Guard => {
    const known = guards.get(provider);
    if (known) return known;
    // A log stored in this gateway says nothing about whether the runtime responds.
    const isStoredHere = provider === 'logs' && logBuffer !== undefined;
    const guard = new Guard({ runtime: name, clock, log, ...(availability && !isStoredHere && { availability }) });
    guards.set(provider, guard);
    return guard;
  };

  const isOver = (): boolean => state.is === 'removed' || state.is === 'stopped';
  /** Ignores late events of a removed runtime: a new runtime may have the same name by now. */
  const emit: EventBus<CoreEvents>['emit'] = (event, body) => {
    if (isOver()) return;
    availability?.markResponding();
    events.emit(event, body);
  };
  const logBuffer =
    runtime.records &&
    logs.open({ ...runtime.records, logged: (entry) => emit('log.added', { runtime: name, origin, entry }) });
  const recorded: RuntimeHost['recorded'] = (loggers) => logBuffer?.of(loggers) ?? [];
  const providers: Providers = { ...(logBuffer && { logs: logBuffer.provider }), ...runtime.providers };
  const refused = (call: CallContext): SovdError | undefined => refusal(name, state) ?? hopRefusal(hop, call);
  const guarded = guardedProviders(providers, {
    call: (provider, nativeId, call, work) => {
      const error = refused(call);
      return error ? Promise.reject(error) : guardOf(provider).call(nativeId, callWithHop(hop, call), work);
    },
    change: (provider, nativeId, call, work) => {
      const error = refused(call);
      return error ? Promise.reject(error) : guardOf(provider).change(nativeId, callWithHop(hop, call), work);
    },
    watch: async (provider, nativeId, call, work) => {
      const error = refused(call);
      if (error) throw error;
      return guardOf(provider).watch(nativeId, callWithHop(hop, call), work);
    },
  });
  const data = guarded.data && closableWatches(guarded.data);

  const begin = async (): Promise<void> => {
    try {
      await runtime.start({
        changed: () => {
          if (isOver()) return;
          availability?.markResponding();
          changed();
        },
        dataChanged: () => emit('data.changed', { runtime: name, origin }),
        record: (record, source) => {
          if (!isOver()) logBuffer?.keep(record, source);
        },
        recorded,
        faultChanged: (event) => emit('fault.event', { runtime: name, origin, event }),
        operationChanged: (change) => emit('operation.changed', { runtime: name, origin, ...change }),
        configurationChanged: (change) => emit('configuration.changed', { runtime: name, origin, ...change }),
        log,
      });
      // The runtime was stopped while it was starting. Stop it again to release what it opened.
      if (isOver()) return await runtime.stop();
      become({ is: 'running' });
      changed();
    } catch (error) {
      if (isOver()) return;
      const reason = errorMessage(error);
      become({ is: 'failed', reason });
      log('error', `Runtime ${name} did not start: ${reason}`);
    }
  };

  return {
    name,
    origin,
    providers: data ? { ...guarded, data: data.provider } : guarded,
    recorded,
    get state(): RuntimeState {
      if (state.is === 'removed' || state.is === 'stopped') return { state: 'gone', sinceMs };
      const silentMs = state.is === 'running' ? availability?.sinceMs : undefined;
      return silentMs === undefined ? { state: state.is, sinceMs } : { state: 'silent', sinceMs: silentMs };
    },
    start: (timeoutMs) => within(clock, timeoutMs, begin(), () => undefined),
    endCalls: (error) => {
      for (const guard of guards.values()) guard.end(error);
    },
    stop: async (reason) => {
      if (isOver()) return;
      const failed = state.is === 'failed';
      become({ is: reason });
      if (reason === 'removed') logBuffer?.close();
      if (failed) return;
      const refusalError = refusal(name, state);
      if (refusalError) for (const guard of guards.values()) guard.end(refusalError);
      const watches = data?.end();
      const stopped = Promise.resolve()
        .then(() => Promise.all([watches, runtime.stop()]))
        .then(() => undefined)
        .catch((error: unknown) => log('warn', `Runtime ${name} did not stop cleanly: ${errorMessage(error)}`));
      await within(clock, STOP_TIMEOUT_MS, stopped, () => log('warn', `Runtime ${name} did not stop in time`));
    },
    contribution: () => {
      if (state.is !== 'running') return undefined;
      try {
        lastContribution = { ...runtime.contribution(), runtime: name, origin };
        contributionFailure = undefined;
      } catch (error) {
        contributionFailure = errorMessage(error);
        log('error', `Runtime ${name} failed to report its entities: ${contributionFailure}`);
      }
      return lastContribution;
    },
    health: async () => {
      const stateWarnings = warningsOf(name, state, contributionFailure);
      if (state.is !== 'running') return { warnings: stateWarnings, blocks: {} };
      // A silent runtime would only delay the answer.
      if (availability?.sinceMs !== undefined)
        return { warnings: [...stateWarnings, silentPeer(name, origin, availability.sinceMs)], blocks: {} };
      const silent = (reason: string): RuntimeHealth => ({
        warnings: [{ code: 'runtime_silent', message: `Runtime ${name} failed to report its health: ${reason}` }],
        blocks: {},
      });
      const pending = Promise.resolve()
        .then(() => runtime.health())
        .catch((error: unknown) => silent(errorMessage(error)));
      const reported = await within(clock, HEALTH_TIMEOUT_MS, pending, () =>
        silent(`no answer in ${HEALTH_TIMEOUT_MS} ms`),
      );
      const calls = quotaBlock(
        Object.fromEntries([...guards].map(([what, guard]) => [`${name}_${what}_calls`, guard])),
      );
      return {
        warnings: [...stateWarnings, ...reported.warnings],
        blocks: mergeBlocks([reported, { blocks: calls }]),
      };
    },
  };
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
