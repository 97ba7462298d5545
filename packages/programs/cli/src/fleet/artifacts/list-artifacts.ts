import type { FleetArtifact } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { formatBytes, formatTime } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';

const LIMIT = 500;

/** `medkit fleet artifacts`: lists the artifacts. */
export const listArtifacts = remoteCommand({
  usage: 'fleet artifacts',
  asksHub: true,
  about: ['Lists the artifacts of updates that the hub stores, the newest first, with the campaigns that use them.'],
  examples: [['fleet artifacts put release', 'send a release that `update pack` created']],
  async run({ client, json }) {
    const { text, value } = await client.ask('listFleetArtifacts', { query: { limit: LIMIT } });
    console.log(json ? text : artifactTable(value.items));
    return ExitCode.ok;
  },
});

/** Artifacts as a table. */
export function artifactTable(items: readonly FleetArtifact[]): string {
  if (items.length === 0) return 'no artifacts: send one with `fleet artifacts put <folder>`';
  const rows = items.map(({ id, size_bytes, sha256, created_at, created_by, campaigns }) => [
    ...[id, formatBytes(size_bytes), sha256.slice(0, 12)],
    ...[formatTime(new Date(created_at)), created_by, campaigns.join(' ')],
  ]);
  return table(['ARTIFACT', 'SIZE', 'SHA-256', 'SENT', 'BY', 'CAMPAIGNS'], rows);
}
