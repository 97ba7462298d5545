import type { Clock, Timer } from '@medkit/edges';
import type { AddressSpace, Namespace, Variable } from './library.ts';

export interface LoadSettings {
  readonly items: number;
  /** Changes per second, over all variables. */
  readonly changesPerSecond: number;
  readonly clock: Clock;
}

/** Period of the bursts of changes, similar to the cycle of a controller. */
const BURST_MS = 50;
/** Maximum number of variables; no controller has more. */
const MAX_ITEMS = 200_000;

/** Adds variables `ns=2;s=Load.0` and following, which change in turn. Returns a function that stops the changes. */
export function addLoadItems(
  addressSpace: AddressSpace,
  namespace: Namespace,
  { items, changesPerSecond, clock }: LoadSettings,
): Timer | undefined {
  if (!(items > 0)) return undefined;
  if (items > MAX_ITEMS) throw new RangeError(`${items} variables: a simulated PLC has at most ${MAX_ITEMS}`);
  const folder = namespace.addObject({
    browseName: 'Load',
    nodeId: 's=Load',
    organizedBy: addressSpace.rootFolder.objects,
  });
  const variables = Array.from({ length: items }, (_, index): Variable => {
    const variable = namespace.addVariable({
      browseName: `Value${index}`,
      nodeId: `s=Load.${index}`,
      componentOf: folder,
      dataType: 'Double',
    });
    variable.setValueFromSource({ dataType: 'Double', value: index });
    return variable;
  });
  let next = 0;
  let owed = 0;
  let round = 0;
  let paidMs = clock.monotonicMs();
  return clock.every(BURST_MS, () => {
    // A late timer makes up for the missed changes.
    const nowMs = clock.monotonicMs();
    owed += (changesPerSecond * (nowMs - paidMs)) / 1000;
    paidMs = nowMs;
    for (; owed >= 1; owed -= 1) {
      variables[next]?.setValueFromSource({ dataType: 'Double', value: next + round / 1000 });
      next = (next + 1) % items;
      if (next === 0) round += 1;
    }
  });
}
