import { memoryAudit } from '@medkit/audit/testing';
import { seededRandom } from '@medkit/edges';
import { systemFiles, systemPrograms, systemWritableFiles } from '@medkit/edges/node';
import { MemoryFiles, SimulatedHttp, SimulatedNames, SimulatedPrograms } from '@medkit/edges/testing';
import { createGatewayServer, type GatewayServerOptions } from '../gateway-server.ts';
import { openPrincipals } from '../security/identify.ts';
import { checkReplies } from './check-replies.ts';
import { memoryDatabase } from './memory-database.ts';

/** Options that differ from test to test. */
type TestParts = Pick<GatewayServerOptions, 'config' | 'model' | 'clock' | 'log'>;

/** Creates a gateway's server, with nothing on disk, that checks every reply against its schema; it does not listen. */
export function testServer(parts: TestParts & Partial<GatewayServerOptions>) {
  return createGatewayServer({
    files: systemFiles,
    storage: new MemoryFiles(),
    database: memoryDatabase(parts.clock),
    auditFile: memoryAudit(parts.clock),
    programHost: { programs: new SimulatedPrograms(), environment: { PATH: '/bin', LANG: 'C' }, isRoot: false },
    installHost: {
      files: { ...systemFiles, ...systemWritableFiles },
      programs: systemPrograms,
      environment: { PATH: '/usr/bin:/bin', HOME: '/', LANG: 'C' },
    },
    random: seededRandom(1),
    http: new SimulatedHttp(),
    names: new SimulatedNames(),
    bootId: 'boot',
    instance: 'boot',
    machineName: 'robot-01',
    principals: openPrincipals({
      token: parts.config.server.token,
      ...(parts.config.metrics.enabled && { metricsToken: parts.config.metrics.token }),
      random: seededRandom(1),
    }),
    onSend: checkReplies,
    ...parts,
  });
}
