/** The packages of plugins whose names in the configurations of ros2_medkit are others than those of the packages. */
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

/** True for a shared library, which is how plugins of ros2_medkit are built. */
export function isSharedLibrary(path: string): boolean {
  return /\.so(?:\.\d+)*$/.test(path);
}

/** The package that replaces a shared library of ros2_medkit, such as `libprocfs_introspection.so`. */
export function replacementOf(library: string): string | undefined {
  const file = library.slice(library.lastIndexOf('/') + 1).replace(/\.so(?:\.\d+)*$/, '');
  const name = file
    .replace(/^lib/, '')
    .replace(/^ros2_medkit_/, '')
    .replace(/_plugin$/, '');
  return SHIPPED_PLUGINS.get(name);
}
