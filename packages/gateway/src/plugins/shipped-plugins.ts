/** The packages of plugins whose names in the configurations of ros2_medkit are others than those of the packages. */
export const SHIPPED_PLUGINS: ReadonlyMap<string, string> = new Map([
  ['container_introspection', '@medkit/plugin-linux'],
  ['graph-provider', '@medkit/plugin-graph'],
  ['graph_provider', '@medkit/plugin-graph'],
  ['graph_watchdog', '@medkit/plugin-watchdog'],
  ['param_beacon', '@medkit/plugin-param-beacon'],
  ['parameter_beacon', '@medkit/plugin-param-beacon'],
  ['procfs_introspection', '@medkit/plugin-linux'],
  ['sovd_service_interface', '@medkit/plugin-service-interface'],
  ['systemd_introspection', '@medkit/plugin-linux'],
  ['topic_beacon', '@medkit/plugin-topic-beacon'],
]);
