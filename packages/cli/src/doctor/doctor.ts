import { setTimeout as delay } from 'node:timers/promises';
import type { HealthStatus } from '@medkit/contract';
import { defaultConfigFile, type Environment, examineRobot, type GatewayConfig } from '@medkit/gateway';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { apiReader } from '../gateway/api-reader.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';
import { findingLines } from './findings.ts';

/** By then every participant that announces itself regularly has been heard. */
const LISTEN_MS = 5000;

async function askGateway(url: string, token: string): Promise<HealthStatus> {
  try {
    return (await apiReader(url.replace(/\/+$/, ''), token)('/health')) as HealthStatus;
  } catch (error) {
    const { message, cause } = error as Error;
    throw new CommandFailed(
      `no gateway tells its health at ${url}: ${cause instanceof Error ? cause.message : message}`,
    );
  }
}

/** Listens for a while, or until Ctrl-C. */
async function examine(config: GatewayConfig, environment: Environment): Promise<HealthStatus> {
  const stopped = untilStopped();
  const ending = new AbortController();
  try {
    return await examineRobot({
      config,
      environment,
      log: (level, text) => console.error(`medkit: ${level}: ${text}`),
      listen: () => Promise.race([delay(LISTEN_MS, undefined, { signal: ending.signal }), stopped]),
    });
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
      `Joins the robot as \`up\` does for ${LISTEN_MS / 1000} seconds, serves nothing, and says what is heard, what is wrong and what to`,
      'do about it. Ends with 0 where nothing is wrong, with 1 otherwise.',
      '',
      columns([
        ['--domain <integer>', 'DDS domain of the robot'],
        ['--config <file>', 'configuration of the gateway'],
        ['--url <url>', 'ask a gateway that is running instead of joining'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      domain: { type: 'string' },
      config: { type: 'string' },
      url: { type: 'string' },
    });
    expectNoWords(positionals);
    const { url, ...flags } = values;
    if (url !== undefined && flags.domain !== undefined) {
      throw new CommandFailed('--url asks a gateway on its own domain: leave --domain out', ExitCode.usage);
    }
    const environment = process.env;
    const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
    const health =
      url === undefined ? await examine(config, environment) : await askGateway(String(url), config.server.token);
    for (const line of findingLines(health)) console.log(line);
    return health.warnings.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};
