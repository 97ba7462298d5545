import { seededRandom } from '@medkit/edges';
import { systemFiles, systemPrograms, systemWritableFiles } from '@medkit/edges/node';
import { MemoryFiles, SimulatedHttp, SimulatedNames, SimulatedPrograms } from '@medkit/edges/testing';
import { createGatewayServer, type GatewayServerOptions } from '../gateway-server.ts';
import { openPrincipals } from '../security/identify.ts';
import { checkReplies } from './check-replies.ts';
import { memoryAudit } from './memory-audit.ts';
import { memoryDatabase } from './memory-database.ts';

/** What differs from test to test. */
type OwnParts = Pick<GatewayServerOptions, 'config' | 'model' | 'clock' | 'log'>;

/** What is served of a model, with nothing on disk and every reply checked against its schema; not listening. */
export function testServer(parts: OwnParts & Partial<GatewayServerOptions>) {
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
    principals: openPrincipals({ token: parts.config.server.token, random: seededRandom(1) }),
    onSend: checkReplies,
    ...parts,
  });
}
