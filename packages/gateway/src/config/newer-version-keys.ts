/**
 * Keys of ros2_medkit that this version does not use, by section. They are accepted with one notice per section, so
 * that an existing gateway_params.yaml works and the operator knows which settings have no effect.
 */
const LATER: Readonly<Record<string, readonly string[]>> = {
  '': ['refresh_interval_ms', 'manifest_path', 'manifest_strict_validation', 'discovery_mode', 'use_sim_time'],
  action_status_bridge: ['dedup_capacity', 'rescan_period_sec', 'retry_period_sec', 'use_sim_time'],
  data_provider: ['max_parallel_samples'],
  diagnostic_bridge: ['max_tracked_sources', 'use_sim_time'],
  discovery: ['refresh_debounce_ms'],
  entity_cache: ['capacity'],
  log_bridge: ['max_tracked_nodes', 'rosout_topic', 'use_sim_time'],
  server: ['http_thread_pool_size', 'executor_threads'],
  subscription_executor: ['max_queue_depth', 'watchdog_tick_ms', 'graph_poll_tick_ms'],
};

/** The full keys. */
export const newerVersionKeys: ReadonlySet<string> = new Set(
  Object.entries(LATER).flatMap(([section, names]) => names.map((name) => (section ? `${section}.${name}` : name))),
);

const NO_SYNTHETIC = 'entities come only from the graph and from manifests, not from namespaces or topics';

/** Keys that ros2_medkit removed, and the present behaviour. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  'discovery.runtime.create_synthetic_areas': NO_SYNTHETIC,
  'discovery.runtime.create_synthetic_components': NO_SYNTHETIC,
  'discovery.runtime.grouping_strategy': NO_SYNTHETIC,
  'discovery.runtime.synthetic_component_name_pattern': NO_SYNTHETIC,
  'discovery.runtime.topic_only_policy': NO_SYNTHETIC,
  'discovery.runtime.min_topics_for_component': NO_SYNTHETIC,
  'discovery.merge_pipeline.gap_fill.allow_heuristic_areas': 'areas come only from manifests and plugins',
  'discovery.merge_pipeline.gap_fill.allow_heuristic_components':
    'with a manifest, components come only from the manifest and from plugins',
};
