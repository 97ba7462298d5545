import { columns } from './columns.ts';
import { invocation } from './invocation.ts';

/** An option with its value, such as `--limit <count>`, or an example without `medkit`; and what it does. */
export type HelpRow = readonly [what: string, does: string];

export interface HelpParts {
  /** Name and words of the command, such as `faults show <code>`. */
  readonly usage: string;
  /** Lines of at most 120 columns. */
  readonly about: readonly string[];
  readonly options?: readonly HelpRow[];
  /** Options that select the gateway and the credential. */
  readonly connection?: readonly HelpRow[];
  readonly examples?: readonly HelpRow[];
}

/** What `--help` of a command prints. */
export function helpText({ usage, about, options = [], connection = [], examples = [] }: HelpParts): string {
  const medkit = invocation(process.env);
  const takesOptions = options.length + connection.length > 0;
  return [
    `Usage: ${medkit} ${usage}${takesOptions ? ' [options]' : ''}`,
    '',
    ...about,
    ...section('Options:', options),
    ...section('Connection options:', connection),
    ...section(
      'Examples:',
      examples.map(([line, does]) => [`${medkit} ${line}`, does]),
    ),
  ].join('\n');
}

function section(title: string, rows: readonly HelpRow[]): readonly string[] {
  return rows.length > 0 ? ['', title, columns(rows)] : [];
}
