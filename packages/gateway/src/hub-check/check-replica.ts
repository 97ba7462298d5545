import { once } from 'node:events';
import { createServer } from 'node:net';
import { errorMessage } from '@medkit/core';
import type { Clock, Files, Random, WritableFiles } from '@medkit/edges';
import { watchLocks } from '@medkit/store/postgres';
import { type GatewayConfig, splitAddress } from '../config/index.ts';
import { hubSchema, LOCKED_PARTS, postgresAddress } from '../database/hub-database.ts';
import { fleetSecret } from '../fleet/fleet-secret.ts';
import { dialReplica } from '../standby/dial-replica.ts';
import { replicaKey } from '../standby/replica-handshake.ts';
import type { HubFinding } from './judge-server.ts';

interface CheckReplicaOptions {
  readonly config: GatewayConfig;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Examines the replica addresses of two hubs: that of this hub must be of this machine, and the hub that serves must answer
 * at its address with the same secret. Changes nothing.
 */
export async function checkReplica(options: CheckReplicaOptions): Promise<readonly HubFinding[]> {
  const { standby, replica_address: address } = options.config.fleet;
  if (!standby) return [];
  if (address === '') {
    const text = 'this hub answers 503 while it is the standby, because it has no fleet.replica_address';
    return [{ state: 'warning', text, remedy: 'set fleet.replica_address on both hubs' }];
  }
  return [await checkListenHost(address), await checkServingHub(options)];
}

/** Listens at the host with any port: the port may be in use by the hub that runs. */
async function checkListenHost(address: string): Promise<HubFinding> {
  const probe = createServer();
  try {
    await once(probe.listen({ host: splitAddress(address).host, port: 0 }), 'listening');
  } catch (error) {
    const text = `this hub cannot listen at ${address}: ${errorMessage(error)}`;
    return { state: 'error', text, remedy: 'set fleet.replica_address to an address of this machine' };
  }
  await once(probe.close(), 'close');
  return { state: 'ok', text: `${address} is an address of this machine` };
}

async function checkServingHub(options: CheckReplicaOptions): Promise<HubFinding> {
  const { config, files, clock, random } = options;
  const schemas = LOCKED_PARTS.map((part) => hubSchema(config, part));
  const watch = watchLocks(postgresAddress(config.fleet.database), schemas);
  const holder = await watch.holder().finally(() => watch.close());
  if (!holder) return { state: 'warning', text: 'no hub uses the database', remedy: 'start the hubs' };
  if (holder.address === undefined) {
    const text = `the hub that serves has no fleet.replica_address: ${holder.description}`;
    return { state: 'error', text, remedy: 'set fleet.replica_address there, and start that hub again' };
  }
  const { address } = holder;
  // Another check reports a secret that others can read.
  const secret = await fleetSecret({ config, files, random, log: () => undefined });
  try {
    (await dialReplica({ address, key: replicaKey(secret), clock, random })).destroy();
  } catch (error) {
    const text = `the hub that serves cannot be used at ${address}: ${errorMessage(error)}`;
    const remedy = 'let this machine reach that port, and use the same fleet.secret_file on both hubs';
    return { state: 'error', text, remedy };
  }
  return { state: 'ok', text: `the hub that serves answers at ${address}, and has the same secret` };
}
