import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemFiles, systemPrograms } from '@medkit/edges/node';
import { defaultConfigFile, type FlagValues, type GatewayConfig, isGatewayAt } from '@medkit/gateway';
import { type Examination, examineRobot } from '@medkit/gateway/examine';
import { printError } from '../command/print-error.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';
import { accessProtectionFindings } from './findings/account-findings.ts';
import { healthFindings } from './findings/health-findings.ts';
import { machineFindings } from './findings/machine-findings.ts';
import { programFindings } from './findings/program-findings.ts';
import { accessProtectionOf } from './machine/access-protection.ts';
import { examineMachine } from './machine/examine-machine.ts';
import { freeSpace } from './machine/free-space.ts';
import { type Report, report } from './report.ts';

/** Discovery time, also for other domains: Cyclone DDS announces itself every 8 s. */
const LISTEN_MS = 8000;
/** Discovery time if no other domain is monitored: participants of this domain answer immediately. */
const LISTEN_LOCALLY_MS = 5000;

/** Examines the machine, and discovers participants as a gateway does, for some seconds or until Ctrl-C. */
export async function examineThisMachine(flags: FlagValues): Promise<Report> {
  const environment = process.env;
  const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
  const stopped = untilStopped();
  const ending = new AbortController();
  const edges = { clock: systemClock, files: systemFiles, programs: systemPrograms, freeSpace };
  const machineSoFar = await examineMachine({ edges, dataFolder: config.data_dir, currentPid: process.pid });
  try {
    const robot = await examineRobot({
      config,
      environment,
      log: (level, text) => printError(`${level}: ${text}`),
      listen: async ({ beyondThisMachine }) => {
        const ms = beyondThisMachine ? LISTEN_MS : LISTEN_LOCALLY_MS;
        await Promise.race([delay(ms, undefined, { signal: ending.signal }), stopped]);
      },
    });
    const machine = await machineSoFar();
    const guarding = await accessProtectionOf(config, environment);
    const dds = robot.health['x-medkit-dds'];
    const local = isLocal(robot);
    const hasParticipants = !dds || dds.participants.length + dds.not_understood.length > 0;
    return report(robot.health, healthFindings(robot.health.warnings), [
      ...machineFindings(machine, {
        usesMulticast: !local,
        wantedPort: await wantedPort(config, machine.listening),
      }),
      ...accessProtectionFindings(guarding),
      ...programFindings(machine, {
        domainId: config.ros.domain_id,
        hasParticipants,
        local,
        otherDomains: robot.otherDomains,
      }),
    ]);
  } finally {
    ending.abort();
  }
}

const isLocal = ({ health }: Examination): boolean =>
  ['LOCALHOST', 'OFF'].includes(health['x-medkit-dds']?.discovery_range ?? '');

/** Returns the port of the gateway if another program listens on it; `undefined` if it is free or used by a gateway. */
async function wantedPort(
  { server: { port } }: GatewayConfig,
  listening: ReadonlySet<number>,
): Promise<number | undefined> {
  if (!listening.has(port)) return undefined;
  return (await isGatewayAt(`127.0.0.1:${port}`, systemClock)) ? undefined : port;
}
