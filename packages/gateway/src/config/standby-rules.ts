import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** Checks `fleet.standby`: what both hubs need must be at a place that both reach. Throws `ConfigRefused` with the remedies. */
export function validateStandby(config: FlatConfig): readonly Notice[] {
  if (!config['fleet.standby']) return [];
  const refusals: string[] = [];
  const refuse = (problem: string) => refusals.push(`fleet.standby ${problem}`);
  if (config['fleet.database'] === 'sqlite')
    refuse('needs a database of PostgreSQL: set fleet.database, as for the other hub');
  if (config['fleet.secret_file'] === '')
    refuse('needs fleet.secret_file: copy the file of the other hub, so that both have the same secret');
  if (config['fleet.tenants'].length > 0) refuse('is not for a hub with fleet.tenants: start one hub for each tenant');
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  if (config['fleet.evidence'].startsWith('s3://')) return [];
  const text =
    'fleet.standby: recordings and other evidence are in a folder. Unless both hubs reach this folder, the other one does not have them: set fleet.evidence to a bucket';
  return [{ level: 'warning', text }];
}
