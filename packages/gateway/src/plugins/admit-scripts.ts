import type { PluginScripts } from '@medkit/plugin';
import { namesOwner, RUNNERS } from '@medkit/scripts';

/** What one plugin does with scripts, and with whose. */
export interface AdmittedScripts extends Pick<PluginScripts, 'provider' | 'runner'> {
  readonly name: string;
  /** Of an entity such as `apps/lidar_driver`. */
  isFor(owner: string): boolean;
}

/** What plugins do with scripts, as far as it is served. */
export interface ScriptAdmission {
  /** In the order of the configuration: the first that is for an entity counts. */
  readonly scripts: readonly AdmittedScripts[];
  /** One line for each that is not served. */
  readonly refusals: readonly string[];
}

/** The scripts of plugins. A runner cannot have a name by which `scripts.runner` means one of the gateway's own. */
export function admitScripts(
  plugins: readonly { readonly name: string; readonly scripts?: PluginScripts }[],
): ScriptAdmission {
  const refusals: string[] = [];
  const scripts = plugins.flatMap(({ name, scripts }): AdmittedScripts[] => {
    if (!scripts) return [];
    if (scripts.runner && RUNNERS.some((word) => word === name)) {
      refusals.push(`Scripts of plugin ${name} are not served: scripts.runner means one of medkit's own by this name`);
      return [];
    }
    const { entities = [], provider, runner } = scripts;
    const isFor = (owner: string) => namesOwner(entities, owner);
    return [{ name, isFor, ...(provider && { provider }), ...(runner && { runner }) }];
  });
  return { scripts, refusals };
}
