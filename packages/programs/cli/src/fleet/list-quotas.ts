import type { FleetQuotaUse } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatBytes } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

const HEAD = ['QUOTA', 'USED', 'LIMIT', 'MOST FROM', 'REMEDY'];

/** `medkit fleet quotas`: shows the quotas of a hub. */
export const listQuotas = remoteCommand({
  usage: 'fleet quotas',
  asksHub: true,
  about: [
    'Shows how much of each quota of a fleet hub is used: robots, evidence, events since midnight in UTC, campaigns that have',
    'not ended, and requests of the last minute. The operator of the hub sets them with `fleet.quota`.',
  ],
  async run({ client, json }) {
    const { value } = await client.ask('getFleet', {});
    const quotas = value.quotas ?? [];
    console.log(json ? JSON.stringify({ items: quotas }) : quotaTable(quotas));
    return ExitCode.ok;
  },
});

/** Quotas as a table. What is used up has its remedy. */
export function quotaTable(quotas: readonly FleetQuotaUse[]): string {
  if (quotas.length === 0) return 'no quotas: the hub shows them to accounts of the whole fleet';
  const rows = quotas.map(({ quota, used, limit, remedy, most }) => {
    const text = (n: number) => (quota === 'evidence_bytes' ? formatBytes(n) : String(n));
    const isReached = used >= limit;
    return [
      quota,
      isReached ? { text: text(used), colour: 'red' as const } : text(used),
      text(limit),
      most ? `${most.robot} (${text(most.used)})` : '',
      isReached ? remedy : '',
    ];
  });
  return table(HEAD, rows);
}
