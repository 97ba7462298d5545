import { SovdError } from '@medkit/contract';
import { type Awaitable, andThen, type FaultProvider, LOCAL, type Model, type Origin } from '@medkit/core';
import { type Gathered, gather } from '../members/gather.ts';

/** A runtime that keeps faults. */
export interface FaultManager {
  readonly entity: { readonly id: string };
  readonly runtime: string;
  readonly origin: Origin;
  readonly provider: FaultProvider;
}

/**
 * Asks all that keep faults, or those of `managers`; there at once where they answer at once. Throws `service-unavailable` with the message `failure` where nobody does, or nobody answers.
 */
export function askManagers<Entry>(
  model: Model,
  failure: string,
  question: (provider: FaultProvider) => Awaitable<readonly Entry[]>,
  managers = faultManagers(model),
): Awaitable<Gathered<FaultManager, Entry>> {
  if (managers.length === 0) throw noManager(failure);
  const asked = gather(managers, ({ provider }) => question(provider));
  return andThen(asked, (gathered) => {
    const [first] = gathered.silent;
    if (first && gathered.silent.length === managers.length) throw managerError(first.error, failure);
    return gathered;
  });
}

/** All that keep faults at this moment. */
export function faultManagers(model: Model): readonly FaultManager[] {
  return model.runtimes.flatMap((runtime): FaultManager[] => {
    const provider = model.provider(runtime)?.faults;
    const origin = model.originOf(runtime) ?? LOCAL;
    return provider ? [{ entity: { id: 'fault_manager' }, runtime, origin, provider }] : [];
  });
}

/** The one that keeps the faults of this robot: what is reported here goes to it, and what it tells is acted on. */
export function localManager(model: Model): FaultManager | undefined {
  return faultManagers(model).find(({ origin }) => origin === LOCAL);
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
