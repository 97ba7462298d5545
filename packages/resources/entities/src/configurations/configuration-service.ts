import {
  type ConfigurationDeleteMultiStatus,
  type ConfigurationList,
  type ConfigurationReadValue,
  type ConfigurationWriteRequest,
  type EntityKind,
  SovdError,
} from '@medkit/contract';
import {
  type CallContext,
  type ConfigurationChange,
  type ConfigurationEntry,
  callerFromSignal,
  type Entity,
  type JsonValue,
  type Model,
  type NamedChange,
  withCaller,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { graphNames } from '../discovery/list-item.ts';
import { entityOf } from '../discovery/lookup.ts';
import { ask, callsWithBudget, LIST } from '../members/ask.ts';
import { errorsWith } from '../members/error-parameters.ts';
import { configurationList } from './configuration-list.ts';
import {
  type ConfigurationObserver,
  type ConfigurationOwner,
  configurationOwners,
  graphNodeOf,
  remoteApps,
} from './configuration-owner.ts';
import { type ConfigurationTarget, configurationTarget, onlyOwner } from './configuration-target.ts';
import { parameterDetail, parameterView } from './parameter-view.ts';
import { resetAll } from './reset-all.ts';
import { maskSecret } from './secret-values.ts';
import { worstError } from './worst-error.ts';

/** The configurations of entities of any runtime. Every call throws `SovdError`. */
export interface ConfigurationService {
  list(kind: EntityKind, id: string, call: CallContext): Promise<ConfigurationList>;
  /** `configId` as the client wrote it, percent-decoded: a name, or `<app_id>:<name>`. */
  read(kind: EntityKind, id: string, configId: string, call: CallContext): Promise<ConfigurationReadValue>;
  /** Calls `changed` with the change after the value was set. */
  write(
    kind: EntityKind,
    id: string,
    configId: string,
    body: ConfigurationWriteRequest,
    call: CallContext,
    changed?: (change: ConfigurationChange) => void,
  ): Promise<ConfigurationReadValue>;
  reset(
    kind: EntityKind,
    id: string,
    configId: string,
    call: CallContext,
    changed?: (change: ConfigurationChange) => void,
  ): Promise<void>;
  /**
   * Returns the result of each node if some could not be reset, `undefined` if all were. Calls `changed` with every
   * value that differs now, named `<app_id>:<name>` if the entity has several nodes.
   */
  resetAll(
    kind: EntityKind,
    id: string,
    call: CallContext,
    changed?: (changes: readonly NamedChange[]) => void,
  ): Promise<ConfigurationDeleteMultiStatus | undefined>;
}

/** Creates the configuration service of a gateway. */
export function createConfigurationService({
  model,
  clock,
  observer,
}: {
  readonly model: Model;
  readonly clock: Clock;
  readonly observer?: ConfigurationObserver | undefined;
}): ConfigurationService {
  const withTarget = <T>(
    entity: Entity,
    configId: string,
    work: (target: ConfigurationTarget) => Promise<T>,
  ): Promise<T> =>
    errorsWith({ entity_id: entity.id, id: configId }, () => work(configurationTarget(model, entity, configId)));

  return {
    list: async (kind, id, call) => {
      const entity = entityOf(model.tree, kind, id);
      const owners = configurationOwners(model, entity);
      const gathered = await ask({ owners, clock, call, budget: LIST }, async (owner, memberCall) => {
        const entries = await owner.provider.list(owner.nativeId, memberCall);
        observer?.read(owner.entity, entries, true);
        return entries;
      });
      const hasOthers = remoteApps(model, entity).length > 0;
      const { principal } = call;
      return errorsWith({ entity_id: entity.id }, () =>
        configurationList({ entity, owners, hasOthers, gathered, principal }),
      );
    },
    read: async (kind, id, configId, call) => {
      const entity = entityOf(model.tree, kind, id);
      return withTarget(entity, configId, async (target) => {
        const { owner, entry } = await firstToAnswer(target, clock, call);
        observer?.read(owner.entity, [entry], false);
        const parameter = parameterDetail(maskSecret(entry, call.principal));
        return { id: configId, data: parameter.value, 'x-medkit': { ...origin(entity, owner, target), parameter } };
      });
    },
    write: async (kind, id, configId, body, call, changed) => {
      const entity = entityOf(model.tree, kind, id);
      const value = wantedValue(body);
      return withTarget(entity, configId, async (target) => {
        const owner = onlyOwner(target);
        const written = await owner.provider.write(owner.nativeId, target.name, value, call);
        observer?.written(owner.entity, [{ ...written, name: target.name }]);
        changed?.(written);
        const parameter = parameterView(target.name, written);
        const about = { ...origin(entity, owner, target), parameter };
        return { id: configId, data: parameter.value, parameter, 'x-medkit': about };
      });
    },
    reset: async (kind, id, configId, call, changed) => {
      const entity = entityOf(model.tree, kind, id);
      return withTarget(entity, configId, async (target) => {
        const owner = onlyOwner(target);
        const change = await owner.provider.reset(owner.nativeId, target.name, call);
        if (!change) return;
        observer?.written(owner.entity, [{ ...change, name: target.name }]);
        changed?.(change);
      });
    },
    resetAll: async (kind, id, call, changed) => {
      const entity = entityOf(model.tree, kind, id);
      const owners = configurationOwners(model, entity);
      const remote = remoteApps(model, entity).filter((app) => owners.every((owner) => owner.entity !== app));
      return resetAll(entity, { owners, remote, clock, call, observer }, changed);
    },
  };
}

/** Asks all candidates concurrently and returns the first entry found; cancels the other calls. */
async function firstToAnswer(
  { candidates, name }: ConfigurationTarget,
  clock: Clock,
  call: CallContext,
): Promise<{ readonly owner: ConfigurationOwner; readonly entry: ConfigurationEntry }> {
  const found = new AbortController();
  const waiting = callerFromSignal(AbortSignal.any([call.signal, found.signal]));
  const callOf = callsWithBudget({ owners: candidates, clock, call: withCaller(waiting, call), budget: LIST });
  try {
    return await Promise.any(
      candidates.map(async (owner) => ({
        owner,
        entry: await owner.provider.read(owner.nativeId, name, callOf(owner)),
      })),
    );
  } catch (error) {
    throw error instanceof AggregateError ? worstError(error.errors) : error;
  } finally {
    found.abort();
  }
}

function origin(entity: Entity, owner: ConfigurationOwner, { aggregate }: ConfigurationTarget) {
  const node = graphNodeOf(owner);
  return {
    entity_id: entity.id,
    source: 'runtime',
    ...graphNames({ node }),
    ...(aggregate && { source_app: owner.entity.id }),
  };
}

/** Returns the value to set: `data`, or `value` as the web UI sends it. */
function wantedValue({ data, value }: ConfigurationWriteRequest): JsonValue {
  // Generated clients send null for absent fields; no parameter can be set to null.
  const wanted = data ?? value;
  if (wanted === undefined || wanted === null) {
    throw new SovdError({ code: 'invalid-request', message: 'data: missing required field' });
  }
  // The body was JSON.
  return wanted as JsonValue;
}
