import { COMMON_INTERFACES } from './common-interfaces.ts';
import { loadCommonMessages } from './common-messages.ts';
import { expandCompact } from './compact.ts';
import { CORE } from './core.ts';
import { EXAMPLE_INTERFACES } from './example-interfaces.ts';
import { MEDKIT_MSGS } from './medkit-msgs.ts';
import { NAV2 } from './nav2.ts';

const LOADED: ReadonlyMap<string, string> = new Map(
  [CORE, COMMON_INTERFACES, EXAMPLE_INTERFACES, MEDKIT_MSGS, NAV2].flatMap((definitions) =>
    Object.entries(definitions),
  ),
);

let common: Promise<ReadonlyMap<string, string>> | undefined;

/** Returns the text of a bundled interface file, or `undefined` if there is none of that name. */
export async function bundledInterface(name: string): Promise<string | undefined> {
  const loaded = LOADED.get(name);
  if (loaded !== undefined) return expandCompact(loaded);
  common ??= loadCommonMessages();
  return (await common).get(name);
}

/** Returns the names of all bundled interfaces, sorted. */
export async function bundledInterfaces(): Promise<readonly string[]> {
  common ??= loadCommonMessages();
  return [...new Set([...LOADED.keys(), ...(await common).keys()])].sort();
}
