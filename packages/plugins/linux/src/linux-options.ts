import Type from 'typebox';

/** The parts of the plugin, each of which can be disabled. */
export type SectionName = 'procfs' | 'systemd' | 'container';

const SECTIONS: readonly SectionName[] = ['procfs', 'systemd', 'container'];

/** Names of the three plugins of ros2_medkit: a plugin with such a name provides only that part. */
const SECTION_OF_NAME: Readonly<Record<string, SectionName>> = {
  procfs: 'procfs',
  procfs_introspection: 'procfs',
  systemd: 'systemd',
  systemd_introspection: 'systemd',
  container: 'container',
  container_introspection: 'container',
};

/** Maximum process names and patterns, and unit names, in a configuration. */
const MAX_NAMES = 64;

const section = (what: string) => Type.Optional(Type.Boolean({ description: `Serve ${what} of apps and components.` }));
const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: MAX_NAMES, default: [], description });

/** Options of the plugin. Keys and defaults of the first two are those of ros2_medkit. */
export const LinuxOptions = Type.Object(
  {
    pid_cache_ttl_seconds: Type.Number({
      default: 10,
      description: 'Seconds for which a survey of all processes is valid.',
    }),
    proc_root: Type.String({ default: '/', description: 'Folder that contains `/proc` and `/sys`.' }),
    procfs: section('`x-medkit-procfs`'),
    systemd: section('`x-medkit-systemd`'),
    container: section('`x-medkit-container`'),
    processes: names('Names of processes that are shown as separate apps; `*` stands for any characters, `?` for one.'),
    top_processes: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 100,
      description: 'Number of further processes with the highest CPU usage that are shown as apps.',
    }),
    component: Type.Optional(
      Type.String({ description: 'Component of these apps; default: the component of this machine.' }),
    ),
    control: Type.Object(
      {
        units: names('systemd units that are shown as apps and can be started and stopped.'),
        processes: names(
          'Names of processes that are shown as apps and can be ended; `*` stands for any characters, `?` for one.',
        ),
        stop_timeout_seconds: Type.Number({
          default: 10,
          minimum: 0.1,
          maximum: 600,
          description: 'Seconds after the request to end until a process is killed.',
        }),
      },
      { default: {}, additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type LinuxOptions = Type.Static<typeof LinuxOptions>;

/**
 * Returns the parts to provide: those enabled in the options, otherwise the part that the plugin's name selects,
 * otherwise all.
 */
export function sectionsOf(name: string, options: Pick<LinuxOptions, SectionName>): readonly SectionName[] {
  const only = SECTION_OF_NAME[name];
  return SECTIONS.filter((section) => options[section] ?? (only === undefined || only === section));
}

/** As in ros2_medkit, a root that is not an absolute path counts as `/`. */
export function rootOf({ proc_root }: Pick<LinuxOptions, 'proc_root'>): string {
  return proc_root.startsWith('/') ? proc_root : '/';
}

/** As in ros2_medkit, at least one second. */
export function ttlMsOf({ pid_cache_ttl_seconds }: Pick<LinuxOptions, 'pid_cache_ttl_seconds'>): number {
  return Math.max(1, pid_cache_ttl_seconds) * 1000;
}
