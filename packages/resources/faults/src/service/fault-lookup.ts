import { KIND_TERMS, MAX_FAULT_CODE_LENGTH, SovdError } from '@medkit/contract';
import {
  type Awaitable,
  andThen,
  type CallContext,
  type Entity,
  FAULT_MANAGER_ID,
  type FaultProvider,
  type FaultStatus,
  isPromise,
  type Model,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type Owned, withParameters } from '@medkit/entities';
import { type FaultOwner, localManagers, managerError, managersOf, queryManagers } from './fault-managers.ts';
import { type FaultScope, faultScope } from './fault-sources.ts';

/** A fault in detail, with its fault manager. */
export type FoundFault = Owned<FaultOwner, NonNullable<Awaited<ReturnType<FaultProvider['get']>>>>;

export interface FaultLookupOptions {
  readonly model: Model;
  readonly clock: Clock;
}

/** Finds faults at their managers. `failure` is the message of the error if no manager answers. */
export class FaultLookup {
  readonly #options: FaultLookupOptions;

  constructor(options: FaultLookupOptions) {
    this.#options = options;
  }

  /** Returns a function that lists the faults of these managers. */
  listOf(failure: string, owners: readonly FaultOwner[]) {
    const { clock } = this.#options;
    return (statuses: readonly FaultStatus[], includeMuted: boolean, call: CallContext) =>
      queryManagers({ owners, clock, call, failure }, ({ provider }, memberCall) =>
        andThen(provider.list(FAULT_MANAGER_ID, { statuses, includeMuted }, memberCall), (list) => [list]),
      );
  }

  /** Finds a fault of this gateway. */
  async findLocal(failure: string, code: string, call: CallContext): Promise<FoundFault> {
    assertFaultCode(code);
    const found = await this.#details(failure, localManagers(this.#options.model), { code, call });
    const [first] = found.entries;
    if (first) return first;
    throw found.error;
  }

  /**
   * Finds a fault in the scope of an entity; for reading, also a fault that concerns the entity. Any other fault counts
   * as not found.
   */
  async find(
    failure: string,
    { entity, code, by }: { readonly entity: Entity; readonly code: string; readonly by: keyof FaultScope },
    call: CallContext,
  ): Promise<FoundFault> {
    const { model } = this.#options;
    assertFaultCode(code);
    const found = await this.#details(failure, managersOf(model, entity), { code, call });
    const inScope = found.entries.find(({ owner, entry }) =>
      faultScope(model.tree, entity, owner.origin)[by](entry.fault),
    );
    if (inScope) return inScope;
    throw found.error;
  }

  /** Asks these managers for a fault; `error` is what to throw if none has it. */
  async #details(
    failure: string,
    owners: readonly FaultOwner[],
    { code, call }: { readonly code: string; readonly call: CallContext },
  ): Promise<{ readonly entries: readonly FoundFault[]; readonly error: unknown }> {
    const question = { owners, clock: this.#options.clock, call, failure };
    const { entries, silent } = await queryManagers(question, async ({ provider }, memberCall) => {
      const detail = await provider.get(FAULT_MANAGER_ID, code, memberCall);
      return detail ? [detail] : [];
    });
    return { entries, error: silent[0] ? managerError(silent[0].error, failure) : notFound() };
  }
}

/** Returns the parameters of errors about a fault of an entity. */
export function parametersOf({ kind, id }: Entity, code: string): Readonly<Record<string, unknown>> {
  return { [KIND_TERMS[kind].param]: id, fault_code: code };
}

/** Runs `work` and adds these parameters to its errors. */
export function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T>;
export function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Awaitable<T>): Awaitable<T>;
export function naming<T>(parameters: Readonly<Record<string, unknown>>, work: () => Awaitable<T>): Awaitable<T> {
  const failed = (error: unknown): never => {
    throw withParameters(error, parameters);
  };
  try {
    const answer = work();
    return isPromise(answer) ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

export function notFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', message: 'Fault not found' });
}

/** Throws `invalid-parameter` for an invalid fault code. */
function assertFaultCode(code: string): void {
  if (code.length >= 1 && code.length <= MAX_FAULT_CODE_LENGTH) return;
  const details = `A fault code has 1 to ${MAX_FAULT_CODE_LENGTH} characters`;
  throw new SovdError({ code: 'invalid-parameter', message: 'Invalid fault code', parameters: { details } });
}
