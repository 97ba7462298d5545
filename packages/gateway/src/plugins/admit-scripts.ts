import type { PluginScripts } from '@medkit/plugin';
import { matchesOwner, RUNNERS } from '@medkit/scripts';

/** The scripts of one plugin, and the entities they apply to. */
export interface AdmittedScripts extends Pick<PluginScripts, 'provider' | 'runner'> {
  readonly name: string;
  /** Returns whether they apply to an entity such as `apps/lidar_driver`. */
  isFor(owner: string): boolean;
}

/** The scripts of plugins that can be used. */
export interface ScriptAdmission {
  /** In configured order: the first one that applies to an entity is used. */
  readonly scripts: readonly AdmittedScripts[];
  /** One line for each rejected plugin. */
  readonly refusals: readonly string[];
}

/**
 * Selects the scripts of plugins. A runner cannot have a name that `scripts.runner` uses for one of the gateway's
 * runners.
 */
export function admitScripts(
  plugins: readonly { readonly name: string; readonly scripts?: PluginScripts }[],
): ScriptAdmission {
  const refusals: string[] = [];
  const scripts = plugins.flatMap(({ name, scripts }): AdmittedScripts[] => {
    if (!scripts) return [];
    if (scripts.runner && RUNNERS.some((word) => word === name)) {
      refusals.push(
        `Scripts of plugin ${name} are not served: scripts.runner refers to a built-in runner with this name`,
      );
      return [];
    }
    const { entities = [], provider, runner } = scripts;
    const isFor = (owner: string) => matchesOwner(entities, owner);
    return [{ name, isFor, ...(provider && { provider }), ...(runner && { runner }) }];
  });
  return { scripts, refusals };
}
