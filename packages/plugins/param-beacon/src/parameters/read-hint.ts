import type { BeaconHint } from '@medkit/beacon';
import type { Clock } from '@medkit/edges';
import type { CallOptions, ParameterClient } from '@medkit/ros2';
import { hintNames, hintOf } from './hint-parameters.ts';

/** What is asked of a node. */
export type HintClient = Pick<ParameterClient, 'list' | 'get' | 'read' | 'close'>;

export interface ReadHintOptions extends CallOptions {
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * What the parameters of a node say; `undefined` where they say nothing. All calls together take `timeoutMs` at most.
 * Rejects where the node does not answer.
 */
export async function readHint(
  client: HintClient,
  { prefix, clock, timeoutMs, ...given }: ReadHintOptions,
): Promise<BeaconHint | undefined> {
  const endMs = clock.monotonicMs() + timeoutMs;
  const left = (): CallOptions => ({ ...given, timeoutMs: Math.max(1, endMs - clock.monotonicMs()) });
  const names = hintNames((await client.list({ prefixes: [prefix] }, left())).names, prefix);
  if (!names.some((name) => name === `${prefix}.entity_id`)) return undefined;
  const values = await client.get(names, left());
  // A node answers for none where one of them has no value: then those that have one are looked for.
  const parameters = values
    ? values.map((value, at) => ({ name: names[at] ?? '', value }))
    : await client.read(names, left());
  return hintOf(parameters, prefix, clock.monotonicMs());
}
