import type { HostedPlugin } from '@medkit/plugin';

/** A part of which a robot has only one, from a plugin. */
export interface ExclusiveAdmission<Part extends 'updates' | 'logs'> {
  readonly admitted: HostedPlugin[Part];
  /** One line for each rejected part. */
  readonly refusals: readonly string[];
}

/** Selects the single provider of updates or logs: the first plugin that has one. */
export function admitExclusive<Part extends 'updates' | 'logs'>(
  part: Part,
  plugins: readonly ({ readonly name: string } & Pick<HostedPlugin, 'updates' | 'logs'>)[],
): ExclusiveAdmission<Part> {
  const [first, ...others] = plugins.filter((plugin) => plugin[part] !== undefined);
  const what = `${part[0]?.toUpperCase()}${part.slice(1)}`;
  const refusals = others.map(
    ({ name }) => `${what} of plugin ${name} are not served, because plugin ${first?.name} already serves them`,
  );
  const admitted: Pick<HostedPlugin, Part> | undefined = first;
  return { admitted: admitted?.[part], refusals };
}
