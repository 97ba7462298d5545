import { type RuntimeHealth, stringifyJson, type Warning } from '@medkit/core';
import { upgradeWarning } from './legacy-names.ts';

/** Maximum number of warnings and blocks per plugin in `/health`. */
const MAX_WARNINGS = 50;
const MAX_BLOCKS = 10;

/** Reduces the health of a plugin to what `/health` can show. Throws if it is not valid JSON. */
export function validateHealth(reported: unknown): RuntimeHealth {
  const { warnings, blocks } = (reported ?? {}) as Partial<RuntimeHealth>;
  const health = {
    warnings: (Array.isArray(warnings) ? warnings : []).filter(isWarning).slice(0, MAX_WARNINGS).map(upgradeWarning),
    blocks: Object.fromEntries(
      Object.entries(blocks ?? {})
        .filter(([name, block]) => name.startsWith('x-') && typeof block === 'object' && block !== null)
        .slice(0, MAX_BLOCKS),
    ),
  };
  // A value that cannot be serialized would make all of /health fail.
  stringifyJson(health);
  return health;
}

function isWarning(warning: unknown): warning is Warning {
  const { code, message } = (warning ?? {}) as Partial<Warning>;
  return typeof code === 'string' && typeof message === 'string';
}
