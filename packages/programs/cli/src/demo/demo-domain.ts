import { DEMO_DOMAIN_ID } from '@medkit/demo';
import { type OptionValues, readWhole } from '../command/parse-words.ts';

/** RTPS 2.5, 9.6.2.3: the ports of higher domains would pass 65535. */
export const MAX_DOMAIN_ID = 232;

/** The domain of the demo that is meant. Throws `CommandFailed`. */
export function readDomain({ domain }: OptionValues): number {
  return readWhole('domain', domain ?? DEMO_DOMAIN_ID, MAX_DOMAIN_ID);
}
