import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { DocumentRefused } from '@medkit/documents';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { type AgentConfig, type RunningAgent, startAgent } from '@medkit/fleet-agent';
import { topicOf } from '@medkit/vda5050';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, type OptionValues, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { untilUncaught } from '../command/until-uncaught.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS, connect } from '../remote/connection.ts';
import { trustConfigured } from '../remote/trust.ts';
import { plainLine } from '../terminal/display-width.ts';
import { DEFAULT_AGENT_FILE, readAgentFile, withGatewayOf } from './agent-file.ts';

/** Fault code: another client publishes for the serial number of the robot. */
const OTHER_CLIENT = 'VDA5050_OTHER_CLIENT';

/** `medkit vda5050`: runs the VDA 5050 agent. */
export const vda5050: CommandProgram = {
  help: () =>
    helpText({
      usage: 'vda5050',
      about: [
        'Runs the VDA 5050 agent until Ctrl-C: it reports faults of the robot of a gateway to fleet control. The agent first listens,',
        'and publishes only if no other client publishes for the serial number. It rejects orders. See docs/guides/vda5050.md.',
      ],
      options: [
        ['--config <file>', `file of the agent (default ${DEFAULT_AGENT_FILE})`],
        [
          '--take-over',
          'publish even if another client has published for the serial number; only if that client was removed for good',
        ],
      ],
      connection: CONNECTION_OPTION_LINES,
      examples: [['vda5050 --config amr.yaml --url robot-01', 'report faults of robot-01']],
    }),

  async run(args) {
    const over = Promise.race([untilStopped(), untilUncaught()]);
    // It may reject while the agent starts; the startup is awaited first.
    over.catch(() => undefined);
    const { values, positionals } = await parseArguments(args, {
      ...CONNECTION_OPTIONS,
      config: { type: 'string' },
      'take-over': { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const config = await readAgentFile(values['config'] as string | undefined);
    const { robot, broker, mode } = config;
    const whom = `${robot.manufacturer} ${robot.serialNumber}`;
    const where = mode === 'feed' ? 'as a feed' : `at ${broker.url}, topics ${topicOf(robot, '+')}`;
    console.log(plainLine(`medkit vda5050 ${robot.version} for ${whom} ${where}`));
    const agent = await start(config, values).catch((error) => {
      throw asCommandFailure(error);
    });
    if (agent.url !== undefined) console.log(`Health and errors: ${agent.url}/health ${agent.url}/errors`);
    try {
      await over;
    } finally {
      await agent.stop();
    }
    return ExitCode.ok;
  },
};

async function start(config: AgentConfig, values: OptionValues): Promise<RunningAgent> {
  const { openMqttBroker } = await import('@medkit/mqtt');
  const { brokerAddress } = await import('./broker-secrets.ts');
  const { keepAliveSend } = await import('../remote/keep-alive-send.ts');
  const named = withGatewayOf(config, values);
  const client = connect(named, process.env, keepAliveSend);
  await trustConfigured(client.url, named, process.env);
  return startAgent({
    config,
    client,
    broker: await brokerAddress(systemFiles, config.broker),
    openBroker: openMqttBroker,
    clock: systemClock,
    random: systemRandom,
    files: { ...systemFiles, ...systemWritableFiles },
    dataDir: dataFolder(process.env),
    takesOver: values['take-over'] === true,
    reportOther: (event, description) => reportOther(client.url, event, description),
    log: (line) => console.log(plainLine(line)),
    warn: printError,
  });
}

/** Maximum time until a fault manager is found, and until it answers. */
const PATIENCE_MS = 5000;

/**
 * Reports, as a node, that another client speaks for the robot: the API of a gateway takes no faults. Does so only if the
 * gateway is on this machine, as ROS_DOMAIN_ID may lead to another robot otherwise. Returns why the fault was not reported.
 */
async function reportOther(gatewayUrl: string, event: 'FAILED' | 'PASSED', description: string) {
  const failed = (reason: string) => `the fault ${OTHER_CLIENT} was not reported (${event}): ${reason}`;
  if (!/^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(gatewayUrl).hostname)) {
    return failed('the gateway is on another machine');
  }
  try {
    const { reportFault } = await import('@medkit/gateway/report');
    const fault = { code: OTHER_CLIENT, source: '/vda5050_agent', event, severity: 1, description } as const;
    const to = { environment: process.env, manager: '/fault_manager', patienceMs: PATIENCE_MS };
    const outcome = await reportFault(fault, to);
    return outcome === 'accepted' ? undefined : failed(`/fault_manager: ${outcome}`);
  } catch (error) {
    return failed((error as Error).message);
  }
}

/** Data folder of the agent, inside the data folder of the gateway. */
function dataFolder({ XDG_DATA_HOME: named, MEDKIT_DATA_DIR: chosen }: NodeJS.ProcessEnv): string {
  const home = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.local', 'share');
  return join(chosen || join(home, 'medkit'), 'vda5050');
}

function asCommandFailure(error: unknown): unknown {
  if (error instanceof DocumentRefused) return new CommandFailed(error.message, ExitCode.configuration);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CommandFailed(`cannot serve the health and error pages of the agent: ${message}`, ExitCode.portTaken);
  return error;
}
