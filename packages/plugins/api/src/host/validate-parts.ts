import { LOG_METHODS, RUNNER_METHODS, SCRIPT_METHODS, UPDATE_METHODS } from '../part-methods.ts';
import type { PluginParts } from '../plugin-parts.ts';

/** Checks the parts that a plugin returned from `setup`. Throws an error that says what cannot be used. */
export function validateParts(parts: unknown): PluginParts {
  if (!isObject(parts)) throw new Error('setup returned no parts; return {} to add none');
  const { providers, routes, samplers = {}, transports = {}, conditions = {}, updates, scripts, logs } = parts;
  for (const name of ['contribution', 'health', 'stop'] as const) {
    const part = parts[name];
    if (part !== undefined && typeof part !== 'function') throw new Error(`its ${name} is not a function`);
  }
  if (providers !== undefined) {
    if (!isObject(providers)) throw new Error('its providers are not an object');
    for (const [name, provider] of Object.entries(providers)) {
      if (provider !== undefined && !isObject(provider)) throw new Error(`its provider ${name} is not an object`);
    }
  }
  if (routes !== undefined) {
    if (!Array.isArray(routes)) throw new Error('its routes are not a list');
    for (const [index, route] of routes.entries()) {
      const isRoute = isObject(route) && isObject(route['route']) && typeof route['handle'] === 'function';
      if (!isRoute) throw new Error(`routes[${index}] has no route or no handle`);
    }
  }
  assertMethods('sampler', samplers, ['sample']);
  assertMethods('transport', transports, ['start', 'deliver', 'stop']);
  assertMethods('condition', conditions, ['check', 'evaluate']);
  if (updates !== undefined) assertMethods('provider', { updates }, UPDATE_METHODS);
  if (logs !== undefined) assertMethods('reader', { logs }, LOG_METHODS);
  if (scripts !== undefined) checkScripts(scripts);
  return parts as PluginParts;
}

function checkScripts(scripts: unknown): void {
  const { entities, provider, runner } = (isObject(scripts) ? scripts : {}) as Readonly<Record<string, unknown>>;
  if (provider === undefined && runner === undefined) throw new Error('its scripts have no provider and no runner');
  if (provider !== undefined) assertMethods('scripts', { provider }, SCRIPT_METHODS);
  if (runner !== undefined) assertMethods('scripts', { runner }, RUNNER_METHODS);
  if (entities === undefined) return;
  if (!Array.isArray(entities) || entities.some((entity) => typeof entity !== 'string')) {
    throw new Error('the entities of its scripts are not a list of texts');
  }
}

/** Asserts that each object in `named` has these methods. */
function assertMethods(what: string, named: unknown, methods: readonly string[]): void {
  if (!isObject(named)) throw new Error(`its ${what}s are not an object`);
  for (const [name, part] of Object.entries(named)) {
    const missing = methods.filter((method) => !isObject(part) || typeof part[method] !== 'function');
    if (missing.length > 0) throw new Error(`its ${what} ${name} has no ${missing.join(' and no ')}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
