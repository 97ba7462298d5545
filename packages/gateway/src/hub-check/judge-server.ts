import type { ServerFacts } from '@medkit/store/postgres';

/** Connections of a hub, with some for its standby and for commands. */
const NEEDED_CONNECTIONS = 10;
/** Differences of the clocks above which times of sessions and partitions are wrong. */
const MAX_SKEW_MS = 60_000;

/** One result of an examination. */
export interface HubFinding {
  readonly state: 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly remedy?: string;
}

/**
 * Judges a server of PostgreSQL for a hub.
 * @param nowMs clock of this machine when the server stated its own
 */
export function judgeServer(facts: ServerFacts, nowMs: number): readonly HubFinding[] {
  const { path, version, isStandby, standbys, commit, waits, freeConnections, wallMs, bytes, holders } = facts;
  const users = [...new Set(holders.map(({ holder }) => holder.description))];
  const found: HubFinding[] = [
    {
      state: 'ok',
      text: `${path}: PostgreSQL ${version}, ${(bytes / 1e6).toFixed(1)} MB, in use by ${users.join(' and by ') || 'no hub'}`,
    },
  ];
  if (isStandby) {
    const remedy = 'set fleet.database to the primary server';
    found.push({ state: 'error', text: `${path} follows another server and cannot be written`, remedy });
  }
  if ((standbys ?? 0) > 0 && !(waits && commit === 'remote_apply')) {
    found.push({
      state: 'warning',
      text: 'a failover of the database may lose the last changes by people: commits do not wait for its standby',
      remedy: "set synchronous_standby_names and synchronous_commit = remote_apply in PostgreSQL's configuration",
    });
  }
  if (freeConnections < NEEDED_CONNECTIONS) {
    found.push({
      state: 'warning',
      text: `the server has ${freeConnections} free connections, and a hub uses eight`,
      remedy: 'raise max_connections of PostgreSQL',
    });
  }
  const skewMs = Math.abs(wallMs - nowMs);
  if (skewMs > MAX_SKEW_MS) {
    found.push({
      state: 'error',
      text: `the clocks of this machine and of the database differ by ${Math.round(skewMs / 1000)} s`,
      remedy: 'synchronize both with NTP: timedatectl set-ntp true',
    });
  }
  return found;
}
