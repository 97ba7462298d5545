import type { HealthWarning } from '@medkit/contract';
import type { Clock } from '@medkit/edges';

/** Maximum warnings whose start time is remembered. */
const MAX_ACTIVE = 1000;

/** Adds severity, start time and remedy to warnings. */
export type DescribeWarnings = (warnings: readonly HealthWarning[]) => Promise<HealthWarning[]>;

/** A warning is active since the first health request that included it, as long as every later one does. */
export function describedWarnings(clock: Pick<Clock, 'wallMs'>): DescribeWarnings {
  let standing: ReadonlyMap<string, number> = new Map();
  return async (warnings) => {
    if (warnings.length === 0) {
      standing = new Map();
      return [];
    }
    // Loaded here: a gateway without warnings does not need it.
    const { WARNING_KINDS, UNKNOWN_WARNING } = await import('./warning-kinds.ts');
    const nowMs = clock.wallMs();
    const before = standing;
    const seen = new Map<string, number>();
    const described = warnings.map((warning) => {
      const key = keyOf(warning, seen);
      const sinceMs = before.get(key) ?? nowMs;
      if (seen.size < MAX_ACTIVE) seen.set(key, sinceMs);
      const { severity, docs, remedy } = WARNING_KINDS[warning.code] ?? UNKNOWN_WARNING;
      return { ...warning, severity, since: new Date(sinceMs).toISOString(), docs, remedy: { ...remedy } };
    });
    standing = seen;
    return described;
  };
}

/**
 * Returns the identity of a warning: its subject, since its message may contain counters. A second warning about the
 * same subject is numbered.
 */
function keyOf(
  { code, entity_ids, ros_node_fqns, peer_names }: HealthWarning,
  taken: ReadonlyMap<string, number>,
): string {
  const about = JSON.stringify([code, entity_ids, ros_node_fqns, peer_names]);
  let key = about;
  for (let copy = 2; taken.has(key); copy++) key = `${about} ${copy}`;
  return key;
}
