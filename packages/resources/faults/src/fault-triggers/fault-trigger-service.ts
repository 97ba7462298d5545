import {
  type AppFaultTriggerList,
  type FaultTrigger as FaultTriggerItem,
  type FaultTriggerList,
  SovdError,
} from '@medkit/contract';
import {
  type CallContext,
  type EntityRenamed,
  errorMessage,
  isLocal,
  type Log,
  type Model,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  reserveQuota,
} from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import { dormancyWarnings, type NamedData, namedData, notServed, renamedEntity } from '@medkit/entities';
import { assertDataPoint } from './data-point.ts';
import type { FaultTriggerRule } from './fault-trigger.ts';
import { ruleOf } from './trigger-request.ts';
import type { TriggerStorage } from './trigger-storage.ts';
import { TriggerWatch } from './trigger-watch.ts';
import type { WatchedTrigger } from './watched-trigger.ts';

/** The threshold rules of apps. Every call throws `SovdError`. */
export interface FaultTriggerService {
  list(appId: string): Promise<FaultTriggerList>;
  /** Lists the rules of all apps of this gateway, including apps that are offline. */
  listAll(): Promise<AppFaultTriggerList>;
  /** Returns the rules of all apps by their id in the API; empty if they are disabled. */
  inUse(): Promise<ReadonlyMap<string, FaultTriggerRule>>;
  /** `body` is the JSON of the request, `undefined` if it had none. */
  create(appId: string, body: unknown, call: CallContext): Promise<FaultTriggerItem>;
  /** Deletes a rule, and clears its fault if it is active. */
  remove(appId: string, id: string): Promise<void>;
  health(): RuntimeHealth;
  /** Stops watching and closes the storage. */
  close(): Promise<void>;
}

export interface FaultTriggerOptions {
  /** `fault_triggers.enabled` */
  readonly enabled: boolean;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: TriggerStorage;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  /** See `NamedDataOptions`. */
  readonly foreignItems?: boolean;
}

/** Maximum rules of all apps: each is polled and reported repeatedly. */
const MAX_TRIGGERS = 1000;
const BOUND = { what: 'fault triggers', remedy: 'delete some first', parameter: 'max_fault_triggers' } as const;
/** Interval of retries after the rules could not be loaded. */
const RETRY_MS = 10_000;

/** Loads the rules, watches them and serves them. Retries if they cannot be loaded. */
export function openFaultTriggers(options: FaultTriggerOptions): FaultTriggerService {
  return options.enabled ? new FaultTriggers(options) : NOT_ENABLED;
}

class FaultTriggers implements FaultTriggerService {
  readonly #options: FaultTriggerOptions;
  readonly #names: NamedData;
  readonly #watch: TriggerWatch;
  readonly #triggers = new Map<number, WatchedTrigger>();
  /** Fault codes of rules that are being written. */
  readonly #promised = new Set<string>();
  /** Owners of the rules created since the start, by number. */
  readonly #owners = new Map<number, string | undefined>();
  readonly #quota = new Quota(MAX_TRIGGERS);
  #loading: Promise<void> | undefined;
  readonly #retry;
  readonly #stopFollowing: () => void;

  constructor(options: FaultTriggerOptions) {
    this.#options = options;
    const { model, clock, foreignItems = false } = options;
    // Rules do not wait for items to appear: the next poll looks again.
    this.#names = namedData({ model, clock, waitMs: 0, foreignItems });
    this.#watch = new TriggerWatch({ ...options, names: this.#names });
    this.#retry = options.clock.every(RETRY_MS, () => this.#tryToLoad());
    this.#stopFollowing = model.events.on('entities.changed', ({ renamed = [] }) => this.#rename(renamed));
    this.#tryToLoad();
  }

  async list(appId: string): Promise<FaultTriggerList> {
    await this.#loaded();
    const id = this.#appId(appId);
    return { items: [...this.#triggers.values()].filter(({ trigger }) => trigger.appId === id).map(itemOf) };
  }

  async listAll(): Promise<AppFaultTriggerList> {
    await this.#loaded();
    const watched = [...this.#triggers.values()];
    return { items: watched.map((each) => ({ app_id: each.trigger.appId, ...itemOf(each) })) };
  }

  async inUse(): Promise<ReadonlyMap<string, FaultTriggerRule>> {
    await this.#loaded();
    return new Map([...this.#triggers.values()].map(({ trigger }) => [nameOf(trigger.number), trigger]));
  }

  async create(appId: string, body: unknown, call: CallContext): Promise<FaultTriggerItem> {
    const { model, storage } = this.#options;
    const rule = ruleOf(this.#appId(appId), body);
    const app = model.tree.resolve('app', appId);
    if (!app) throw new SovdError({ code: 'entity-not-found' });
    if (!isLocal(app)) throw notServed(app, 'fault-triggers');
    await assertDataPoint({ model, names: this.#names }, app, rule.dataName, call);
    await this.#loaded();
    this.#assertUnused(rule.faultCode);
    const owner = ownerOf(call);
    reserveQuota(this.#quota, owner, BOUND);
    this.#promised.add(rule.faultCode);
    try {
      const trigger = await storage.add(rule);
      const watched = this.#watch.add(trigger);
      this.#triggers.set(trigger.number, watched);
      this.#owners.set(trigger.number, owner);
      return itemOf(watched);
    } catch (error) {
      this.#quota.release(owner);
      throw error;
    } finally {
      this.#promised.delete(rule.faultCode);
    }
  }

  async remove(appId: string, id: string): Promise<void> {
    await this.#loaded();
    const [, number] = /^ftr_([1-9]\d{0,14})$/.exec(id) ?? [];
    const watched = this.#triggers.get(Number(number));
    if (!watched || watched.removed || watched.trigger.appId !== this.#appId(appId)) {
      throw new SovdError({ code: 'resource-not-found', message: 'Fault trigger not found' });
    }
    await this.#watch.remove(watched);
    if (this.#triggers.delete(watched.trigger.number)) this.#quota.release(this.#owners.get(watched.trigger.number));
    this.#owners.delete(watched.trigger.number);
  }

  health(): RuntimeHealth {
    const stored = [...this.#triggers.values()].map(({ trigger: { number, appId } }) => ({
      name: nameOf(number),
      entity: { kind: 'app', id: appId } as const,
    }));
    return {
      warnings: dormancyWarnings(this.#options.model.tree, stored),
      blocks: quotaBlock({ fault_triggers: this.#quota }),
    };
  }

  async close(): Promise<void> {
    this.#retry.cancel();
    this.#stopFollowing();
    await Promise.allSettled([this.#loading]);
    await this.#watch.close();
    await this.#options.storage.close();
  }

  /** Resolves an alias to the app's id. Rules are stored by id, also while the app is absent. */
  #appId(name: string): string {
    return this.#options.model.tree.resolve('app', name)?.id ?? name;
  }

  /** Moves the rules of renamed apps to the new id, then updates the storage. */
  #rename(renamed: readonly EntityRenamed[] = []): void {
    for (const watched of this.#triggers.values()) {
      const { number, appId } = watched.trigger;
      const { log, model, storage } = this.#options;
      const to = renamedEntity(model.tree, { kind: 'app', id: appId }, renamed)?.to;
      if (to === undefined) continue;
      this.#watch.rename(watched, to);
      log('info', `${nameOf(number)} of app ${appId} moves to the new id ${to} of the app`);
      storage.setApp(number, to).catch((error: unknown) => {
        log('warn', `${nameOf(number)} is still stored for app ${appId}: ${errorMessage(error)}`);
      });
    }
  }

  #assertUnused(faultCode: string): void {
    const isTaken = [...this.#triggers.values()].some(({ trigger }) => trigger.faultCode === faultCode);
    if (isTaken || this.#promised.has(faultCode)) {
      const message = `Another fault trigger has the fault code '${faultCode}'`;
      throw new SovdError({ code: 'invalid-parameter', status: 409, message });
    }
  }

  #tryToLoad(): void {
    this.#loaded().catch((error: unknown) => {
      this.#options.log(
        'error',
        `Fault triggers are not evaluated, because they cannot be loaded: ${errorMessage(error)}`,
      );
    });
  }

  /** Resolves when the rules are loaded. Throws if they cannot be loaded; the next call retries. */
  #loaded(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const triggers = await this.#options.storage.load();
    this.#quota.add(undefined, triggers.length);
    for (const trigger of triggers) this.#triggers.set(trigger.number, this.#watch.add(trigger));
    this.#rename();
    this.#retry.cancel();
    this.#watch.start();
  }
}

/** Returns the id of a rule in the API. */
function nameOf(number: number): string {
  return `ftr_${number}`;
}

/** Converts a rule to the form that the API returns. */
function itemOf({ trigger, crossed, last, failure }: WatchedTrigger): FaultTriggerItem {
  const { number, dataName, path, operator, threshold, faultCode, severity, active } = trigger;
  const problem = failure ?? (last && 'problem' in last ? last.problem : undefined);
  return {
    id: nameOf(number),
    data_name: dataName,
    ...(path !== '' && { path }),
    operator,
    threshold,
    fault_code: faultCode,
    severity,
    active,
    'x-medkit': {
      crossed,
      ...(last && 'value' in last && { value: last.value }),
      ...(problem !== undefined && { problem }),
    },
  };
}

const notEnabled = (): Promise<never> =>
  Promise.reject(new SovdError({ code: 'resource-not-found', message: 'fault-trigger engine is not enabled' }));

const NOT_ENABLED: FaultTriggerService = {
  list: notEnabled,
  listAll: notEnabled,
  inUse: async () => new Map(),
  create: notEnabled,
  remove: notEnabled,
  health: () => ({ warnings: [], blocks: {} }),
  close: async () => undefined,
};
