import type { HostedPlugin } from '@medkit/plugin';

/** A part that a robot has once, where a plugin brings it. */
export interface SoleAdmission<Part extends 'updates' | 'logs'> {
  readonly admitted: HostedPlugin[Part];
  /** One line for each that is not served. */
  readonly refusals: readonly string[];
}

/** A robot has one provider of updates, and its logs are read from one place: those of the plugin which has them first. */
export function admitSole<Part extends 'updates' | 'logs'>(
  part: Part,
  plugins: readonly ({ readonly name: string } & Pick<HostedPlugin, 'updates' | 'logs'>)[],
): SoleAdmission<Part> {
  const [first, ...others] = plugins.filter((plugin) => plugin[part] !== undefined);
  const what = `${part[0]?.toUpperCase()}${part.slice(1)}`;
  const refusals = others.map(
    ({ name }) => `${what} of plugin ${name} are not served: those of plugin ${first?.name} are`,
  );
  const admitted: Pick<HostedPlugin, Part> | undefined = first;
  return { admitted: admitted?.[part], refusals };
}
