import type { Assignment, Notice } from './assignment.ts';
import type { SettingKey } from './settings.ts';

/** Networks with all IPv4 and all IPv6 addresses; only this profile may put them into a list of networks. */
const EVERY_NETWORK = ['0.0.0.0/0', '::/0'];

/** Defaults of ros2_medkit that differ from medkit's, and their effect on the robot. */
const ROS2_MEDKIT: readonly {
  readonly key: SettingKey;
  readonly value: string | readonly string[];
  readonly effect: string;
}[] = [
  { key: 'data_provider.foreign_topics', value: 'true', effect: 'every entity serves every topic' },
  {
    key: 'fault_manager.shared_healing',
    value: 'true',
    effect: 'a PASSED report of one source heals a fault that another source still reports as failed',
  },
  { key: 'server.host', value: '0.0.0.0', effect: 'every machine on the network can connect' },
  { key: 'server.insecure', value: 'true', effect: 'without accounts or a token, every client can command the robot' },
  {
    key: 'aggregation.trusted_networks',
    value: EVERY_NETWORK,
    effect: 'with aggregation.discover, every gateway that announces itself is shown without approval',
  },
];

/**
 * Returns the values of the profile that the sources choose. They are read before the sources, so that the sources
 * override them.
 */
export function compatAssignments(assignments: readonly Assignment[]): readonly Assignment[] {
  const chosen = assignments.findLast(({ key }) => key === 'compat');
  if (chosen?.value !== 'ros2_medkit') return [];
  return ROS2_MEDKIT.map(({ key, value }) => ({ key, value, origin: 'compat: ros2_medkit' }));
}

/** Warns, in one line, of the values that the profile set. */
export function compatNotices(origins: ReadonlyMap<string, string>): readonly Notice[] {
  const used = ROS2_MEDKIT.filter(({ key }) => origins.get(key) === 'compat: ros2_medkit');
  if (used.length === 0) return [];
  const effects = used.map(({ key, effect }) => `${effect} (${key})`).join('; ');
  return [{ level: 'warning', text: `compat: ros2_medkit, for trusted networks only: ${effects}` }];
}
