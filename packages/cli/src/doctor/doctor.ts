import { setTimeout as delay } from 'node:timers/promises';
import type { HealthStatus } from '@medkit/contract';
import { systemClock, systemFiles, systemLinks, systemSpawner } from '@medkit/edges/node';
import { defaultConfigFile, type Environment, type GatewayConfig } from '@medkit/gateway';
import { type Examination, examineRobot } from '@medkit/gateway/examine';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { apiReader } from '../gateway/api-reader.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';
import { healthFindings } from './findings/health-findings.ts';
import { machineFindings } from './findings/machine-findings.ts';
import { programFindings } from './findings/program-findings.ts';
import { examineMachine } from './machine/examine-machine.ts';
import { freeRoom } from './machine/free-room.ts';
import { isWrong, type Report, report, reportLines } from './report.ts';

/** By then the participants of the domain have been heard, and most of others: Cyclone DDS announces itself every eight seconds. */
const LISTEN_MS = 8000;
/** Where no other domain is listened to: those of this one answer at once. */
const LISTEN_LOCALLY_MS = 5000;

const healthAt = async (url: string, token: string): Promise<HealthStatus> =>
  (await apiReader(url.replace(/\/+$/, ''), token)('/health')) as HealthStatus;

/** What a gateway says of itself. Throws `CommandFailed` where there is none. */
async function askGateway(url: string, token: string): Promise<Report> {
  try {
    const health = await healthAt(url, token);
    return report(health, healthFindings(health.warnings), []);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new CommandFailed(
      `no gateway tells its health at ${url}: ${cause instanceof Error ? cause.message : message}`,
    );
  }
}

const isLocal = ({ health }: Examination): boolean =>
  ['LOCALHOST', 'OFF'].includes(health['x-medkit-dds']?.discovery_range ?? '');

/** The port that a gateway would listen on, unless a gateway does so already. */
async function wantedPort({ server }: GatewayConfig, listening: ReadonlySet<number>): Promise<number | undefined> {
  if (!listening.has(server.port)) return undefined;
  return await healthAt(`http://127.0.0.1:${server.port}`, server.token).then(
    () => undefined,
    () => server.port,
  );
}

/** Looks at the machine, and listens for a while or until Ctrl-C. */
async function examine(config: GatewayConfig, environment: Environment): Promise<Report> {
  const stopped = untilStopped();
  const ending = new AbortController();
  const edges = { clock: systemClock, files: systemFiles, links: systemLinks, spawner: systemSpawner, freeRoom };
  const machineSoFar = await examineMachine({ edges, dataFolder: config.data_dir, ownId: process.pid });
  try {
    const robot = await examineRobot({
      config,
      environment,
      log: (level, text) => console.error(`medkit: ${level}: ${text}`),
      listen: async ({ beyondThisMachine }) => {
        const ms = beyondThisMachine ? LISTEN_MS : LISTEN_LOCALLY_MS;
        await Promise.race([delay(ms, undefined, { signal: ending.signal }), stopped]);
      },
    });
    const machine = await machineSoFar();
    const dds = robot.health['x-medkit-dds'];
    const local = isLocal(robot);
    const heard = !dds || dds.participants.length + dds.not_understood.length > 0;
    return report(robot.health, healthFindings(robot.health.warnings), [
      ...machineFindings(machine, {
        usesMulticast: !local,
        wantedPort: await wantedPort(config, machine.listening),
      }),
      ...programFindings(machine, { domainId: config.ros.domain_id, heard, local, otherDomains: robot.otherDomains }),
    ]);
  } finally {
    ending.abort();
  }
}

/** `medkit doctor`: what a gateway would hear here, or hears, and what keeps it from hearing more. */
export const doctor: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} doctor [options]`,
      '',
      `Joins the robot as \`up\` does for ${LISTEN_MS / 1000} seconds, serves nothing, looks at this machine, and says what is heard, what`,
      'is wrong and what to do about it. Ends with 0 where nothing is wrong, with 1 otherwise.',
      '',
      columns([
        ['--domain <integer>', 'DDS domain of the robot'],
        ['--config <file>', 'configuration of the gateway'],
        ['--url <url>', 'ask a gateway that is running instead of joining'],
        ['--json', 'print what was found as JSON'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      domain: { type: 'string' },
      config: { type: 'string' },
      url: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoWords(positionals);
    const { url, json, ...flags } = values;
    if (url !== undefined && flags.domain !== undefined) {
      throw new CommandFailed('--url asks a gateway on its own domain: leave --domain out', ExitCode.usage);
    }
    const environment = process.env;
    const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
    const told = await (url === undefined
      ? examine(config, environment)
      : askGateway(String(url), config.server.token));
    if (json) console.log(JSON.stringify(told, null, 2));
    else for (const line of reportLines(told)) console.log(line);
    return isWrong(told) ? ExitCode.failed : ExitCode.ok;
  },
};
