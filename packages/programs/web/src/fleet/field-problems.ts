import { GatewayRefused } from '@medkit/client';

/**
 * Returns the problem of each field of a refused request, by the name that the hub has for it: `until.date`,
 * `items[0].match.code`. Empty for other errors.
 */
export function fieldProblems(error: Error | undefined): Readonly<Record<string, string>> {
  if (!(error instanceof GatewayRefused)) return {};
  const { fields } = error.parameters;
  if (Array.isArray(fields)) {
    const named = fields.map((each): readonly unknown[] => [Object(each).field, Object(each).message]);
    return Object.fromEntries(named.filter(([field, message]) => field && typeof message === 'string'));
  }
  // A message about one field begins with its name.
  const [, field, message] = /^([\w.]+(?:\[\d+\][\w.]*)*): (.+)$/s.exec(error.message) ?? [];
  return error.code === 'invalid-parameter' && field && message ? { [field]: message } : {};
}
