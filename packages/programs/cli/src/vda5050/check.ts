import { systemFiles } from '@medkit/edges/node';
import { checkConfig, checkFiles, type Finding } from '@medkit/fleet-agent';
import { protocolOf } from '@medkit/vda5050';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { DEFAULT_AGENT_FILE, readAgentFile, withGatewayOf } from './agent-file.ts';

/** `medkit vda5050 check`: whether an agent with this file would find at the gateway what it needs. */
export const check: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} vda5050 check [file] [options]`,
      '',
      `Reads the file of a VDA 5050 agent (default ${DEFAULT_AGENT_FILE}) and compares it with the gateway: entities, items of data, their`,
      'fields and what these are, and whether there are values now. The broker is not asked. Ends with 0 where nothing was found,',
      `with ${ExitCode.configuration} where the file is refused, and with ${ExitCode.failed} otherwise.`,
      '',
      columns([['--json', 'the same for programs'], ...CONNECTION_OPTION_LINES]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { ...CONNECTION_OPTIONS, json: { type: 'boolean' } });
    const [file, ...others] = positionals;
    expectNoWords(others);
    const config = await readAgentFile(file);
    const ofFiles = await checkFiles(systemFiles, config, protocolOf(config.robot.version));
    const ofGateway = await askGateway(withGatewayOf(config, values), (client) => checkConfig(client, config));
    const findings = [...ofFiles, ...ofGateway];
    if (values['json'] === true) console.log(JSON.stringify({ file: config.file, findings }, null, 2));
    else for (const line of checkLines(findings)) console.log(line);
    return findings.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};

/** The same as lines for a person. */
export function checkLines(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return ['The gateway has all that the file asks for, with values.'];
  return findings.map(({ at, message }) => `${at}: ${message}`);
}
