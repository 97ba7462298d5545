import { type RuntimeHealth, stringifyJson, type Warning } from '@medkit/core';
import { warningWithoutFormerNames } from './former-names.ts';

/** Warnings and blocks of one plugin that `/health` shows. */
const MAX_WARNINGS = 50;
const MAX_BLOCKS = 10;

/** What a plugin says of itself, as far as `/health` can show it. Throws where that is no JSON. */
export function checkedHealth(said: unknown): RuntimeHealth {
  const { warnings, blocks } = (said ?? {}) as Partial<RuntimeHealth>;
  const health = {
    warnings: (Array.isArray(warnings) ? warnings : [])
      .filter(isWarning)
      .slice(0, MAX_WARNINGS)
      .map(warningWithoutFormerNames),
    blocks: Object.fromEntries(
      Object.entries(blocks ?? {})
        .filter(([name, block]) => name.startsWith('x-') && typeof block === 'object' && block !== null)
        .slice(0, MAX_BLOCKS),
    ),
  };
  // What cannot be written would take all of /health with it.
  stringifyJson(health);
  return health;
}

function isWarning(warning: unknown): warning is Warning {
  const { code, message } = (warning ?? {}) as Partial<Warning>;
  return typeof code === 'string' && typeof message === 'string';
}
