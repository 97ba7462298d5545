import { SovdError } from '@medkit/contract';
import {
  type Awaitable,
  andThen,
  type CallContext,
  type Entity,
  LOCAL,
  type Model,
  memoizeByObject,
  type Origin,
} from '@medkit/core';
import { ask, type Gathered, LIST, type OwnerQuery, type StoringRuntime, storingRuntimes } from '@medkit/entities';

/** A runtime that stores faults. */
export interface FaultOwner extends StoringRuntime<'faults'> {
  readonly entity: { readonly id: string };
}

/** The fault managers to ask, and the error message for the client if none answers. */
export interface FaultOwnerQuery extends Pick<OwnerQuery<FaultOwner>, 'owners' | 'clock' | 'call'> {
  readonly failure: string;
}

/**
 * Asks fault managers; returns synchronously if all answer synchronously. Throws `service-unavailable` with the message
 * `failure` if there is no manager or none answers.
 */
export function queryManagers<Entry>(
  { owners, clock, call, failure }: FaultOwnerQuery,
  question: (manager: FaultOwner, call: CallContext) => Awaitable<readonly Entry[]>,
): Awaitable<Gathered<FaultOwner, Entry>> {
  if (owners.length === 0) throw noManager(failure);
  const answers = ask({ owners, clock, call, budget: LIST }, question);
  return andThen(answers, (gathered) => {
    const [first] = gathered.silent;
    if (first && gathered.silent.length === owners.length) throw managerError(first.error, failure);
    return gathered;
  });
}

/** Returns all current fault managers. */
export function faultManagers(model: Model): readonly FaultOwner[] {
  return managersAmong(storingRuntimes(model, 'faults'));
}

const managersAmong = memoizeByObject((keepers: readonly StoringRuntime<'faults'>[]) =>
  keepers.map((keeper): FaultOwner => ({ entity: { id: 'fault_manager' }, ...keeper })),
);

/** Returns the fault managers at the gateways of an entity and its members. */
export function managersOf(model: Model, entity: Entity): readonly FaultOwner[] {
  const origins = new Set([entity, ...model.tree.members(entity)].map(({ origin = LOCAL }) => origin));
  return faultManagers(model).filter(({ origin }) => origins.has(origin));
}

/** Returns the fault managers of this gateway. */
export function localManagers(model: Model): readonly FaultOwner[] {
  return faultManagers(model).filter(({ origin }) => origin === LOCAL);
}

/** Returns the fault manager of this robot. It receives local reports, and the gateway acts on its events. */
export function localManager(model: Model): FaultOwner | undefined {
  return managerAt(model, LOCAL);
}

/** Returns the fault manager of a gateway. */
export function managerAt(model: Model, origin: Origin): FaultOwner | undefined {
  return faultManagers(model).find((manager) => manager.origin === origin);
}

/** Creates the error for a gateway without a fault manager. */
export function noManager(failure: string): SovdError {
  return unavailable(failure, 'This gateway has no fault manager');
}

/** Creates the client's error for a failed fault manager: faults are unavailable, whatever the reason. */
export function managerError(error: unknown, failure: string): SovdError {
  if (!(error instanceof SovdError)) return unavailable(failure, 'No answer');
  return error.code === 'x-medkit-gateway-shutdown' ? error : unavailable(failure, error.message);
}

function unavailable(message: string, details: string): SovdError {
  return new SovdError({ code: 'service-unavailable', message, parameters: { details } });
}
