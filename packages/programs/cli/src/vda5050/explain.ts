import { type Explanation, explainFault, findFaults, NoSuchFault, publicUrlOf } from '@medkit/fleet-agent';
import { protocolOf } from '@medkit/vda5050';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { DEFAULT_AGENT_FILE, readAgentFile, withGatewayOf } from './agent-file.ts';

/** `medkit vda5050 explain`: explains what the agent reports for a fault. */
export const explain: CommandProgram = {
  help: () =>
    helpText({
      usage: 'vda5050 explain <fault> [entity]',
      about: [
        'Explains what the VDA 5050 agent with this file sends to fleet control for a fault: the status of the fault, the rules that',
        'match, and the resulting message in the protocol version of the file. Sends nothing.',
      ],
      options: [
        ['--config <file>', `file of the agent (default ${DEFAULT_AGENT_FILE})`],
        ['--json', 'print one JSON object per fault and line'],
      ],
      connection: CONNECTION_OPTION_LINES,
      examples: [['vda5050 explain NAVIGATION_GOAL_ABORTED', 'explain one fault']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      ...CONNECTION_OPTIONS,
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [code, entity, ...others] = positionals;
    expectNoArguments(others);
    if (code === undefined) throw new CommandFailed('missing argument: the fault code. See --help', ExitCode.usage);
    const config = await readAgentFile(values['config'] as string | undefined);
    const { version } = config.robot;
    const explanations = await askGateway(withGatewayOf(config, values), async (client) => {
      const publicUrl = config.gateway.publicUrl ?? (await publicUrlOf(client));
      const faults = await findFaults(client, code, entity).catch(notFound);
      return faults.map((fault) =>
        explainFault(fault, { version, rules: config.rules, publicUrl }, protocolOf(version)),
      );
    });
    for (const explanation of explanations) {
      if (values['json'] === true) console.log(JSON.stringify(explanation));
      else for (const line of explanationLines(explanation)) console.log(line);
    }
    return ExitCode.ok;
  },
};

function notFound(error: unknown): never {
  throw error instanceof NoSuchFault ? new CommandFailed(error.message, ExitCode.notFound) : error;
}

/** An explanation as text. */
export function explanationLines({
  fault,
  entity,
  origin,
  sends,
  why: reasons,
  message,
}: Explanation): readonly string[] {
  const whose = [entity, origin === 'local' ? undefined : `of ${origin}`].filter((part) => part !== undefined);
  const verdict = sends === 'nothing' ? 'nothing is sent' : `sent as an ${sends === 'error' ? 'error' : 'information'}`;
  return [
    `${[fault, ...whose].join(' ')}: ${verdict}`,
    ...reasons.map((sentence) => `  ${sentence}`),
    ...(message === undefined
      ? []
      : [sends === 'nothing' ? 'Without these reasons, the message would be:' : '', json(message)]),
  ].filter((line) => line !== '');
}

const json = (message: unknown) => JSON.stringify(message, null, 2);
