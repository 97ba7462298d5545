import { SovdError } from '@medkit/contract';
import {
  type Awaitable,
  andThen,
  type CallContext,
  type Entity,
  LOCAL,
  type Model,
  type Origin,
  onceFor,
} from '@medkit/core';
import { ask, type Gathered, LIST, type Question } from '../members/ask.ts';
import { type Keeper, keepersOf } from '../members/owners.ts';

/** A runtime that keeps faults. */
export interface FaultManager extends Keeper<'faults'> {
  readonly entity: { readonly id: string };
}

/** What those who keep faults are asked, and what a client is told where that is in vain. */
export interface FaultQuestion extends Pick<Question<FaultManager>, 'owners' | 'clock' | 'call'> {
  readonly failure: string;
}

/**
 * Asks those who keep faults; there at once where they answer at once. Throws `service-unavailable` with the message `failure`
 * where nobody does, or nobody answers.
 */
export function askManagers<Entry>(
  { owners, clock, call, failure }: FaultQuestion,
  question: (manager: FaultManager, call: CallContext) => Awaitable<readonly Entry[]>,
): Awaitable<Gathered<FaultManager, Entry>> {
  if (owners.length === 0) throw noManager(failure);
  const asked = ask({ owners, clock, call, budget: LIST }, question);
  return andThen(asked, (gathered) => {
    const [first] = gathered.silent;
    if (first && gathered.silent.length === owners.length) throw managerError(first.error, failure);
    return gathered;
  });
}

/** All that keep faults at this moment. */
export function faultManagers(model: Model): readonly FaultManager[] {
  return managersAmong(keepersOf(model, 'faults'));
}

const managersAmong = onceFor((keepers: readonly Keeper<'faults'>[]) =>
  keepers.map((keeper): FaultManager => ({ entity: { id: 'fault_manager' }, ...keeper })),
);

/** Those who keep the faults of an entity: whoever does at its gateway, and at those of its members. */
export function managersOf(model: Model, entity: Entity): readonly FaultManager[] {
  const origins = new Set([entity, ...model.tree.members(entity)].map(({ origin = LOCAL }) => origin));
  return faultManagers(model).filter(({ origin }) => origins.has(origin));
}

/** Those who keep faults at this gateway. */
export function localManagers(model: Model): readonly FaultManager[] {
  return faultManagers(model).filter(({ origin }) => origin === LOCAL);
}

/** The one that keeps the faults of this robot: what is reported here goes to it, and what it tells is acted on. */
export function localManager(model: Model): FaultManager | undefined {
  return managerAt(model, LOCAL);
}

/** The one that keeps the faults of a gateway. */
export function managerAt(model: Model, origin: Origin): FaultManager | undefined {
  return faultManagers(model).find((manager) => manager.origin === origin);
}

/** What a client is told where nobody keeps faults. */
export function noManager(failure: string): SovdError {
  return unavailable(failure, 'Nothing here keeps faults');
}

/** What a client is told of a manager that failed: whatever the reason, faults are unavailable. */
export function managerError(error: unknown, failure: string): SovdError {
  if (!(error instanceof SovdError)) return unavailable(failure, 'No answer');
  return error.code === 'x-medkit-gateway-shutdown' ? error : unavailable(failure, error.message);
}

function unavailable(message: string, details: string): SovdError {
  return new SovdError({ code: 'service-unavailable', message, parameters: { details } });
}
