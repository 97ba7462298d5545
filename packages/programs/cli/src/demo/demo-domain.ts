import { DEMO_DOMAIN_ID } from '@medkit/demo';
import { type OptionValues, readInteger } from '../command/parse-arguments.ts';

/** Highest domain id: the ports of higher domains would exceed 65535 (RTPS 2.5, 9.6.2.3). */
export const MAX_DOMAIN_ID = 232;

/** Returns the domain of the demo from `--domain`, or the default. Throws `CommandFailed`. */
export function readDomain({ domain }: OptionValues): number {
  return readInteger('domain', domain ?? DEMO_DOMAIN_ID, MAX_DOMAIN_ID);
}
