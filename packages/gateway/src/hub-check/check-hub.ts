import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { API_BASE } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import type { Clock, Files, HttpClient, Random, WritableFiles } from '@medkit/edges';
import { serverFacts } from '@medkit/store/postgres';
import { dialWebSocket, uplinkAddress } from '@medkit/tunnel';
import type { GatewayConfig } from '../config/index.ts';
import { hubSchemas, postgresAddress } from '../database/hub-database.ts';
import { openBlobs } from '../fleet/blobs/open-blobs.ts';
import { fleetSecret } from '../fleet/fleet-secret.ts';
import { publicUrl } from '../http/public-url.ts';
import { hubFiles } from '../hub-files/hub-files.ts';
import { checkNats } from './check-nats.ts';
import { checkReplica } from './check-replica.ts';
import { type HubFinding, judgeServer } from './judge-server.ts';

const TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 65_536;
const PROBE_BYTES = 1024;

export interface HubCheck {
  readonly subject: 'secret' | 'database' | 'evidence' | 'address' | 'replica' | 'nats';
  readonly findings: readonly HubFinding[];
}

export interface CheckHubOptions {
  readonly config: GatewayConfig;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
}

/**
 * Examines what a hub needs, whether it runs or not: its secret, its database, the store of its evidence, in which it
 * writes and removes a small file, its address, as robots use it, the other hub, and its servers of NATS. Changes nothing else.
 */
export async function checkHub(options: CheckHubOptions): Promise<readonly HubCheck[]> {
  const subjects = {
    ...{ secret: checkSecret, database: checkDatabase, evidence: checkEvidence, address: checkAddress },
    ...{ replica: checkReplica, nats: checkNats },
  };
  return Promise.all(
    Object.entries(subjects).map(async ([subject, check]) => ({
      subject: subject as HubCheck['subject'],
      findings: await check(options).catch((error: unknown) => [failed(error)]),
    })),
  );
}

const failed = (error: unknown): HubFinding => ({ state: 'error', text: errorMessage(error) });

async function checkSecret({ config, files, random }: CheckHubOptions): Promise<readonly HubFinding[]> {
  const { secret_file: configured } = config.fleet;
  const path = configured === '' ? resolve(config.data_dir, 'fleet.secret') : resolve(configured);
  if (configured === '' && (await files.stateOf(path)) === undefined) {
    return [{ state: 'warning', text: `${path} does not exist: the hub creates it at its first start` }];
  }
  const warnings: HubFinding[] = [];
  const log = (_level: string, text: string): void => void warnings.push({ state: 'warning', text });
  await fleetSecret({ config, files, random, log });
  return warnings.length > 0 ? warnings : [{ state: 'ok', text: path }];
}

async function checkDatabase({ config, files, clock }: CheckHubOptions): Promise<readonly HubFinding[]> {
  const { database } = config.fleet;
  if (database !== 'sqlite') {
    return judgeServer(await serverFacts(postgresAddress(database), hubSchemas(config)), clock.wallMs());
  }
  const found = await hubFiles(config, files);
  const folder = resolve(config.data_dir);
  if (found.length === 0) return [{ state: 'warning', text: `${folder} has no databases of a hub yet` }];
  return [{ state: 'ok', text: `${found.length} files in ${folder}` }];
}

async function checkEvidence(options: CheckHubOptions): Promise<readonly HubFinding[]> {
  const { clock, random } = options;
  const blobs = await openBlobs(options);
  const content = random.bytes(PROBE_BYTES);
  const key = `check/${Buffer.from(random.bytes(8)).toString('hex')}`;
  const startMs = clock.monotonicMs();
  await blobs.put(key, Readable.from([content]));
  try {
    const read: Uint8Array[] = [];
    for await (const chunk of await blobs.get(key)) read.push(chunk);
    if (!Buffer.concat(read).equals(content)) throw new Error(`${blobs.place} returns another content than was stored`);
  } finally {
    await blobs.remove(key);
  }
  return [
    {
      state: 'ok',
      text: `${blobs.place}: stores, returns and removes in ${Math.round(clock.monotonicMs() - startMs)} ms`,
    },
  ];
}

async function checkAddress({ config, clock, http }: CheckHubOptions): Promise<readonly HubFinding[]> {
  const url = publicUrl(config);
  if (url === undefined) {
    const remedy = 'set server.public_url to the address that robots and people use';
    return [{ state: 'warning', text: 'invitations have the address of the request that creates them', remedy }];
  }
  const health = `${url}${API_BASE}/health`;
  const { status } = await http.send({
    ...{ method: 'GET', url: health, headers: {}, timeoutMs: TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
  });
  if (status !== 200) {
    const remedy = 'start a hub, and compare the balancer with docs/guides/hub.md';
    return [{ state: 'error', text: `${health} answers ${status}`, remedy }];
  }
  const { carrier, outerProblem } = await dialWebSocket({
    url: uplinkAddress(url),
    clock,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  carrier.stream.destroy();
  const ok: HubFinding = { state: 'ok', text: `${url} answers, and accepts the WebSocket of a robot` };
  if (outerProblem === undefined) return [ok];
  return [ok, { state: 'error', text: `the certificate of ${url} is not valid: ${outerProblem}`, remedy: 'renew it' }];
}
