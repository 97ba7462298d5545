import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  errorMessage,
  type Log,
  type LogReader,
  type Providers,
  type RuntimeHealth,
  type Sampler,
  type ScriptProvider,
  type ScriptRunner,
  type SubscriptionTransport,
  type TriggerCondition,
  type UpdateProvider,
} from '@medkit/core';
import { type Clock, restartDelays, type Thread, type Timer, within } from '@medkit/edges';
import { PLUGIN_API_VERSION, type Plugin } from '../plugin.ts';
import type { PluginContext } from '../plugin-context.ts';
import type { PluginContribution, PluginParts, PluginScripts } from '../plugin-parts.ts';
import type { PluginReply } from '../plugin-route.ts';
import { PluginProcess } from './plugin-process.ts';
import type { CallFields, PartGroup, PartsDescription, SetUpRequest } from './protocol.ts';

/**
 * Delay before a restart: short at first, so that the robot hardly waits; up to one minute later, so that restarts cost
 * little.
 */
const RESTART = { firstMs: 500, maxMs: 60_000 };
/** A process that ran for this long counts as stable again. */
const WELL_MS = 60_000;
/** How long `/health` reports the end of a process. */
const REMEMBERED_MS = 300_000;
const STOP_MS = 2000;
/** Maximum time for a health query, below the timeout of the caller. */
const HEALTH_MS = 700;
/** Time before the deadline of a call at which the reason for a missing answer is determined. */
const MARGIN_MS = 20;

export interface IsolatedPluginOptions {
  readonly name: string;
  readonly file: URL;
  readonly memoryMb: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly start: () => Thread;
}

/**
 * Returns a plugin that runs a module in a separate process. A host can set it up like any other plugin. If the process
 * ends, its entities disappear until a new process has started. The process is always restarted, with an increasing
 * delay. Options are checked in the process; routes are those of the first process.
 */
export function isolatedPlugin(options: IsolatedPluginOptions): Plugin {
  const setup = (context: PluginContext): Promise<PluginParts> => new SupervisedProcess(options, context).begin();
  return { apiVersion: PLUGIN_API_VERSION, name: options.name, setup };
}

/** Runs the process of a plugin and restarts it when it ends. */
class SupervisedProcess {
  readonly #options: IsolatedPluginOptions;
  readonly #context: PluginContext;
  /** The process that is set up. */
  #process: PluginProcess | undefined;
  /** The process that was started last. */
  #latest: PluginProcess | undefined;
  #restart: Timer | undefined;
  #startedMs = 0;
  readonly #delayAfter = restartDelays(RESTART, WELL_MS);
  #ends = 0;
  #lastEnd: { readonly reason: string; readonly ms: number } | undefined;
  #stopped = false;

  constructor(options: IsolatedPluginOptions, context: PluginContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Starts the process. Rejects if the first setup fails; the process is then ended and not restarted. */
  async begin(): Promise<PluginParts> {
    try {
      return this.#parts(await this.#run());
    } catch (error) {
      this.#stopped = true;
      throw error;
    }
  }

  async #run(): Promise<PartsDescription> {
    const { name, file, memoryMb, clock, log, start } = this.#options;
    const process = new PluginProcess({ process: start(), memoryMb, clock, log, context: this.#context });
    this.#latest = process;
    this.#startedMs = clock.monotonicMs();
    const request: SetUpRequest = {
      file: file.href,
      name,
      options: this.#context.options as SetUpRequest['options'],
      ros: this.#context.ros !== undefined,
      ...(this.#context.folder !== undefined && { folder: this.#context.folder }),
    };
    try {
      const parts = await process.setUp(request);
      this.#process = process;
      void process.ended.then((reason) => this.#ended(reason));
      return parts;
    } catch (error) {
      await process.end();
      throw error;
    }
  }

  #ended(reason: string): void {
    const { clock, log } = this.#options;
    this.#process = undefined;
    if (this.#stopped) return;
    const nowMs = clock.monotonicMs();
    const delayMs = this.#delayAfter(nowMs - this.#startedMs);
    this.#ends++;
    this.#lastEnd = { reason, ms: nowMs };
    log('error', `${this.#endMessage()} It is started again in ${delayMs} ms`);
    this.#context.changed();
    this.#restart = clock.after(delayMs, () => {
      this.#run().then(
        () => this.#context.changed(),
        (error: unknown) => this.#ended(errorMessage(error)),
      );
    });
  }

  #endMessage(): string {
    return `Plugin ${this.#options.name}: its process ended, ${this.#lastEnd?.reason}.`;
  }

  /**
   * Calls the process. A hanging or missing process does not count as a failure of the plugin, because it is ended and
   * restarted.
   */
  async #call<T>(name: string, args: readonly unknown[], call: CallContext): Promise<T> {
    const process = this.#process;
    if (!process) throw away(`${this.#endMessage()} It is being started again.`);
    const hanging = () => away(`Plugin ${this.#options.name} does not respond`);
    if (process.isSilent) throw hanging();
    const fields = this.#fieldsOf(call);
    const answer = process.call<T>(name, [...args, fields], call.signal).catch((error: unknown) => {
      throw process.isOver ? away(`Plugin ${this.#options.name}: its process ended meanwhile`) : error;
    });
    return within(this.#options.clock, fields.timeoutMs - MARGIN_MS, answer, () => {
      throw process.isSilent ? hanging() : new Error('it did not answer before the deadline');
    });
  }

  /**
   * Calls a hook. Returns `undefined` if the process is not running or ends during the call; that does not count as a
   * failure of the plugin.
   */
  async #callHook<T>(hook: string): Promise<T | undefined> {
    const process = this.#process;
    return process?.call<T>(hook, []).catch((error: unknown) => {
      if (process.isOver) return undefined;
      throw error;
    });
  }

  #fieldsOf({ deadlineMs, clientId, principal, via, trace }: CallContext): CallFields {
    const timeoutMs = deadlineMs - this.#options.clock.monotonicMs();
    return { timeoutMs, clientId, principal, via, trace };
  }

  #parts(described: PartsDescription): PluginParts {
    const { contribution, health, providers, routes, samplers, transports, conditions, updates, scripts, logs } =
      described;
    return {
      ...(contribution && {
        contribution: async () => (await this.#callHook<PluginContribution>('contribution')) ?? {},
      }),
      providers: Object.fromEntries(
        Object.entries(providers).map(([name, methods]) => [name, this.#remote('providers', name, methods)]),
      ) as Providers,
      samplers: Object.fromEntries(
        samplers.map(({ name, takesPath }) => [
          name,
          { takesPath, ...this.#remote<Pick<Sampler, 'sample'>>('samplers', name, ['sample']) },
        ]),
      ),
      transports: Object.fromEntries(
        transports.map((name) => [
          name,
          this.#remote<SubscriptionTransport>('transports', name, ['start', 'deliver', 'stop']),
        ]),
      ),
      conditions: Object.fromEntries(
        conditions.map((name) => [name, this.#remote<TriggerCondition>('conditions', name, ['check', 'evaluate'])]),
      ),
      ...(updates.length > 0 && { updates: this.#remote<UpdateProvider>('updates', 'updates', updates) }),
      ...(logs.length > 0 && { logs: this.#remote<LogReader>('logs', 'logs', logs) }),
      ...(scripts && { scripts: this.#scripts(scripts) }),
      routes: routes.map((route) => ({
        route,
        handle: (request, call) => this.#call<PluginReply>('route', [route.operationId, request], call),
      })),
      health: async () => {
        const pending = health ? this.#callHook<RuntimeHealth>('health') : undefined;
        return this.#health(pending && (await within(this.#options.clock, HEALTH_MS, pending, () => undefined)));
      },
      stop: () => this.#stop(),
    };
  }

  #scripts({ entities, provider, runner }: NonNullable<PartsDescription['scripts']>): PluginScripts {
    return {
      ...(entities && { entities }),
      ...(provider.length > 0 && { provider: this.#remote<ScriptProvider>('scripts', 'provider', provider) }),
      ...(runner.length > 0 && { runner: this.#remote<ScriptRunner>('scripts', 'runner', runner) }),
    };
  }

  /** Creates a part whose methods are called in the process. */
  #remote<Part>(group: PartGroup, name: string, methods: readonly string[]): Part {
    const remote = methods.map((method) => [
      method,
      // Every method takes the call context as its last argument.
      (...args: readonly unknown[]) =>
        this.#call('method', [group, name, method, args.slice(0, -1)], args.at(-1) as CallContext),
    ]);
    return Object.fromEntries(remote) as Part;
  }

  #health(pluginHealth: RuntimeHealth | undefined): RuntimeHealth {
    const { name, clock } = this.#options;
    const last = this.#lastEnd;
    const isRecent = last !== undefined && clock.monotonicMs() - last.ms < REMEMBERED_MS;
    const now = this.#process ? 'It runs again' : 'It is being started again';
    const ended = { code: 'plugin_ended', message: `${this.#endMessage()} ${now}. Ends so far: ${this.#ends}.` };
    const block = { running: this.#process !== undefined, ends_total: this.#ends, last_end: last?.reason };
    return {
      warnings: [...(this.#ends > 0 && (isRecent || !this.#process) ? [ended] : []), ...(pluginHealth?.warnings ?? [])],
      blocks: { ...pluginHealth?.blocks, [`x-medkit-plugin-${name}-process`]: block },
    };
  }

  /** Asks the process to stop, then ends it after a timeout. */
  async #stop(): Promise<void> {
    this.#stopped = true;
    this.#restart?.cancel();
    const latest = this.#latest;
    const patience = this.#options.clock.after(STOP_MS, () => void latest?.end());
    try {
      await this.#process?.call('stop', []);
    } finally {
      patience.cancel();
      await latest?.end();
    }
  }
}

function away(message: string): SovdError {
  return new SovdError({ code: 'service-unavailable', message });
}
