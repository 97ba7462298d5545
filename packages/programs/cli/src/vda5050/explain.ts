import { type Explanation, explainFault, findFaults, NoSuchFault, publicUrlOf } from '@medkit/fleet-agent';
import { protocolOf } from '@medkit/vda5050';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { DEFAULT_AGENT_FILE, readAgentFile, withGatewayOf } from './agent-file.ts';

/** `medkit vda5050 explain`: what a fleet is told of a fault, and why. */
export const explain: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} vda5050 explain <fault> [entity] [options]`,
      '',
      'Says what the VDA 5050 agent with this file tells a fleet of a fault, in the words of its version, and why: how the fault',
      'stands, which rules are for it, and what they say. Nothing is sent.',
      '',
      columns([
        ['--config <file>', `the file of the agent (default ${DEFAULT_AGENT_FILE})`],
        ['--json', 'the same for programs'],
        ...CONNECTION_OPTION_LINES,
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      ...CONNECTION_OPTIONS,
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [code, entity, ...others] = positionals;
    expectNoWords(others);
    if (code === undefined) throw new CommandFailed('which fault? See --help', ExitCode.usage);
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

/** The same as lines for a person. */
export function explanationLines({ fault, entity, origin, sends, why, message }: Explanation): readonly string[] {
  const whose = [entity, origin === 'local' ? undefined : `of ${origin}`].filter((part) => part !== undefined);
  const verdict = sends === 'nothing' ? 'nothing is sent' : `sent as an ${sends === 'error' ? 'error' : 'information'}`;
  return [
    `${[fault, ...whose].join(' ')}: ${verdict}`,
    ...why.map((sentence) => `  ${sentence}`),
    ...(message === undefined ? [] : [sends === 'nothing' ? 'Were nothing in the way:' : '', json(message)]),
  ].filter((line) => line !== '');
}

const json = (message: unknown) => JSON.stringify(message, null, 2);
