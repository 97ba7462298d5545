import type { UpdateProvider } from '@medkit/core';
import type { HostedPlugin } from '@medkit/plugin';

/** What installs updates, where a plugin does. */
export interface UpdateAdmission {
  readonly updates?: UpdateProvider;
  /** One line for each that is not served. */
  readonly refusals: readonly string[];
}

/** A robot has one provider of updates: that of the plugin which has one first. */
export function admitUpdates(
  plugins: readonly ({ readonly name: string } & Pick<HostedPlugin, 'updates'>)[],
): UpdateAdmission {
  const [first, ...others] = plugins.filter(({ updates }) => updates !== undefined);
  const refusals = others.map(
    ({ name }) => `Updates of plugin ${name} are not served: those of plugin ${first?.name} are`,
  );
  return { ...(first?.updates && { updates: first.updates }), refusals };
}
