import { systemFiles } from '@medkit/edges/node';
import { checkConfig, checkFiles, type Finding } from '@medkit/fleet-agent';
import { protocolOf } from '@medkit/vda5050';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { DEFAULT_AGENT_FILE, readAgentFile, withGatewayOf } from './agent-file.ts';

/** `medkit vda5050 check`: checks an agent file against its gateway. */
export const check: CommandProgram = {
  help: () =>
    helpText({
      usage: 'vda5050 check [file]',
      about: [
        `Checks the file of a VDA 5050 agent (default ${DEFAULT_AGENT_FILE}) against its gateway: entities, data items, fields with their types,`,
        'and whether values are available. Does not contact the broker.',
        `Exit code: 0 if there is no problem, ${ExitCode.configuration} if the file is invalid, ${ExitCode.failed} otherwise.`,
      ],
      options: [['--json', 'print the findings as JSON']],
      connection: CONNECTION_OPTION_LINES,
      examples: [['vda5050 check amr.yaml', 'check an agent file']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, { ...CONNECTION_OPTIONS, json: { type: 'boolean' } });
    const [file, ...others] = positionals;
    expectNoArguments(others);
    const config = await readAgentFile(file);
    const ofFiles = await checkFiles(systemFiles, config, protocolOf(config.robot.version));
    const ofGateway = await askGateway(withGatewayOf(config, values), (client) => checkConfig(client, config));
    const findings = [...ofFiles, ...ofGateway];
    if (values['json'] === true) console.log(JSON.stringify({ file: config.file, findings }, null, 2));
    else for (const line of checkLines(findings)) console.log(line);
    return findings.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};

/** The findings as text. */
export function checkLines(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return ['No problems: the gateway has all entities, data items and values of the file.'];
  return findings.map(({ at, message }) => `${at}: ${message}`);
}
