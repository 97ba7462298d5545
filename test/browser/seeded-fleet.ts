import { join } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { enrolTestRobot, type TestHub } from '../../packages/gateway/src/testing/test-hub.ts';

/** The parts of a hub without a robot of itself that serves the built pages. */
export const PAGES_OF_HUB = {
  changes: { ros: { enabled: false } },
  parts: {
    files: systemFiles,
    pagesFolder: join(import.meta.dirname, '..', '..', 'packages', 'programs', 'web', 'dist'),
  },
} as never;

const HOUR_MS = 3_600_000;

/** Stores two issues: `MOTOR` of an arm on two robots with two versions, and `DOCK_LOST` on one. */
export async function seedIssues(hub: TestHub): Promise<void> {
  await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
  await enrolTestRobot(hub, 'amr-2', { site: 'ulm' });
  const hour = Math.floor(Date.now() / HOUR_MS);
  const occurrence = (robot: string, issue: number, number: number, code: string, entity: string) => ({
    sql: `INSERT INTO fleet_occurrences
            (robot, origin, code, number, started_ms, began_ms, severity, entity, site, version, issue, changed)
          SELECT r.id, '', ?, ?, ?, ?, 2, ?, r.site, ?, ?, 0 FROM fleet_robots r WHERE r.name = ?`,
    parameters: [
      ...[code, number, (hour - 3 * number) * HOUR_MS, (hour - 3 * number) * HOUR_MS, entity],
      ...[`nav-2.${robot.at(-1)}.0`, issue, robot],
    ],
  });
  await hub.store.write([
    { sql: "INSERT INTO fleet_issues (fingerprint, code, entity, severity) VALUES ('a', 'MOTOR', 'arm', 2)" },
    { sql: "INSERT INTO fleet_issues (fingerprint, code, entity, severity) VALUES ('b', 'DOCK_LOST', 'dock', 3)" },
    occurrence('amr-1', 1, 1, 'MOTOR', 'arm'),
    occurrence('amr-2', 1, 2, 'MOTOR', 'arm'),
    occurrence('amr-2', 1, 3, 'MOTOR', 'arm'),
    occurrence('amr-2', 2, 4, 'DOCK_LOST', 'dock'),
  ]);
  await hub.fleet('POST', '/recount');
}
