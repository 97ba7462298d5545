import type { BeaconHint } from '@medkit/beacon';
import type { Clock } from '@medkit/edges';
import type { CallOptions, ParameterClient } from '@medkit/ros2';
import { hintNames, hintOf } from './hint-parameters.ts';

/** The used methods of a parameter client. */
export type HintClient = Pick<ParameterClient, 'list' | 'get' | 'read' | 'close'>;

export interface ReadHintOptions extends CallOptions {
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * Reads the hint in the parameters of a node; `undefined` if there is none. All calls together take at most
 * `timeoutMs`. Rejects if the node does not answer.
 */
export async function readHint(
  client: HintClient,
  { prefix, clock, timeoutMs, ...callOptions }: ReadHintOptions,
): Promise<BeaconHint | undefined> {
  const endMs = clock.monotonicMs() + timeoutMs;
  const remaining = (): CallOptions => ({ ...callOptions, timeoutMs: Math.max(1, endMs - clock.monotonicMs()) });
  const names = hintNames((await client.list({ prefixes: [prefix] }, remaining())).names, prefix);
  if (!names.some((name) => name === `${prefix}.entity_id`)) return undefined;
  const values = await client.get(names, remaining());
  // If one parameter has no value, a node returns none: then reads those that have one.
  const parameters = values
    ? values.map((value, at) => ({ name: names[at] ?? '', value }))
    : await client.read(names, remaining());
  return hintOf(parameters, prefix, clock.monotonicMs());
}
