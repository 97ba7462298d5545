import { columns } from './columns.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES } from './exit-code.ts';
import { invocation } from './invocation.ts';

/** What `medkit --help` prints. */
export function overallHelp(): string {
  const medkit = invocation(process.env);
  return [
    'medkit: a SOVD diagnostics gateway for robots',
    '',
    'Commands:',
    columns(Object.entries(COMMANDS).map(([name, { about }]) => [`${medkit} ${name}`, about])),
    '',
    'Options:',
    columns([
      ['--help', 'this text; after a command, its own'],
      ['--version', 'the version'],
    ]),
    '',
    'Exit codes:',
    columns(EXIT_CODES.map(([code, meaning]) => [String(code), meaning])),
  ].join('\n');
}
