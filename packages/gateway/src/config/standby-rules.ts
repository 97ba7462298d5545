import { ConfigRefused, type Notice } from './assignment.ts';
import { splitAddress } from './exposure.ts';
import type { FlatConfig } from './gateway-config.ts';

/** Checks `fleet.standby`: what both hubs need must be at a place that both reach. Throws `ConfigRefused` with the remedies. */
export function validateStandby(config: FlatConfig): readonly Notice[] {
  const address = config['fleet.replica_address'];
  const refusals: string[] = addressProblems(address);
  if (!config['fleet.standby']) {
    if (address !== '') refusals.push('fleet.replica_address is for a hub with a standby: set fleet.standby, too');
    if (refusals.length > 0) throw new ConfigRefused(refusals);
    return [];
  }
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

const MAX_PORT = 65_535;
/** Addresses at which a server accepts connections, but that are no address of a machine. */
const WILDCARDS = ['0.0.0.0', '::'];

function addressProblems(address: string): string[] {
  if (address === '') return [];
  const { host, port } = splitAddress(address);
  const problem = `fleet.replica_address ${address}:`;
  if (port > MAX_PORT) return [`${problem} ${port} is not a port: the maximum is ${MAX_PORT}`];
  if (!WILDCARDS.includes(host)) return [];
  return [`${problem} ${host} is no address that the other hub can reach: name an address of this machine`];
}
