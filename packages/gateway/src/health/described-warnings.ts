import type { HealthWarning } from '@medkit/contract';
import type { Clock } from '@medkit/edges';

/** Warnings of which it is remembered since when they stand. */
const MAX_STANDING = 1000;

/** Says of warnings how much they matter, since when they stand and what to do. */
export type DescribeWarnings = (warnings: readonly HealthWarning[]) => Promise<HealthWarning[]>;

/** A warning stands since it was first told, for as long as it is told each time that somebody asks. */
export function describedWarnings(clock: Pick<Clock, 'wallMs'>): DescribeWarnings {
  let standing: ReadonlyMap<string, number> = new Map();
  return async (warnings) => {
    if (warnings.length === 0) {
      standing = new Map();
      return [];
    }
    // Loaded here: a gateway of which all is well has no use for it.
    const { WARNING_KINDS, UNKNOWN_WARNING } = await import('./warning-kinds.ts');
    const nowMs = clock.wallMs();
    const before = standing;
    const seen = new Map<string, number>();
    const described = warnings.map((warning) => {
      const key = keyOf(warning, seen);
      const sinceMs = before.get(key) ?? nowMs;
      if (seen.size < MAX_STANDING) seen.set(key, sinceMs);
      const { severity, docs, remedy } = WARNING_KINDS[warning.code] ?? UNKNOWN_WARNING;
      return { ...warning, severity, since: new Date(sinceMs).toISOString(), docs, remedy: { ...remedy } };
    });
    standing = seen;
    return described;
  };
}

/** What a warning is about: its message may count on. Of two about the same the second is another one. */
function keyOf(
  { code, entity_ids, ros_node_fqns, peer_names }: HealthWarning,
  taken: ReadonlyMap<string, number>,
): string {
  const about = JSON.stringify([code, entity_ids, ros_node_fqns, peer_names]);
  let key = about;
  for (let copy = 2; taken.has(key); copy++) key = `${about} ${copy}`;
  return key;
}
