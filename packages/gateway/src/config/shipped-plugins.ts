/** Packages of plugins that have another name in ros2_medkit configurations. */
export const SHIPPED_PLUGINS: ReadonlyMap<string, string> = new Map([
  ['container_introspection', '@medkit/plugin-linux'],
  ['graph-provider', '@medkit/plugin-graph'],
  ['graph_provider', '@medkit/plugin-graph'],
  ['container', '@medkit/plugin-linux'],
  ['graph_watchdog', '@medkit/plugin-watchdog'],
  ['param_beacon', '@medkit/plugin-param-beacon'],
  ['linux_introspection', '@medkit/plugin-linux'],
  ['opcua', '@medkit/plugin-opcua'],
  ['parameter_beacon', '@medkit/plugin-param-beacon'],
  ['procfs', '@medkit/plugin-linux'],
  ['procfs_introspection', '@medkit/plugin-linux'],
  ['sovd_service_interface', '@medkit/plugin-service-interface'],
  ['systemd', '@medkit/plugin-linux'],
  ['systemd_introspection', '@medkit/plugin-linux'],
  ['topic_beacon', '@medkit/plugin-topic-beacon'],
]);

/** Returns whether a path is a shared library, the format of ros2_medkit plugins. */
export function isSharedLibrary(path: string): boolean {
  return /\.so(?:\.\d+)*$/.test(path);
}

/** Returns the package that replaces a shared library of ros2_medkit, such as `libprocfs_introspection.so`. */
export function replacementOf(library: string): string | undefined {
  const file = library.slice(library.lastIndexOf('/') + 1).replace(/\.so(?:\.\d+)*$/, '');
  const name = file
    .replace(/^lib/, '')
    .replace(/^ros2_medkit_/, '')
    .replace(/_plugin$/, '');
  return SHIPPED_PLUGINS.get(name);
}
