import { readFile } from 'node:fs/promises';
import type { FleetEvidenceRuleList } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import { ExitCode } from '../../command/exit-code.ts';
import { CommandFailed } from '../../command/failure.ts';
import { remoteCommand } from '../../remote/remote-command.ts';

/** `medkit fleet evidence rules`: prints or replaces the rules. */
export const evidenceRules = remoteCommand({
  usage: 'fleet evidence rules [file]',
  asksHub: true,
  about: [
    'Prints the rules by which the hub fetches evidence, as JSON: the first rule that matches a fault decides. With a file,',
    'replaces them by its content, which has the same form. They apply to evidence that robots report later.',
  ],
  examples: [
    ['fleet evidence rules > rules.json', 'save the rules, for changes'],
    ['fleet evidence rules rules.json', 'replace the rules'],
  ],
  async run({ client, args: [file] }) {
    const { value } =
      file === undefined
        ? await client.ask('readFleetEvidenceRules', {})
        : await client.ask('setFleetEvidenceRules', { body: { items: (await rulesIn(file)).items } });
    console.log(JSON.stringify(value, null, 2));
    return ExitCode.ok;
  },
});

async function rulesIn(file: string): Promise<FleetEvidenceRuleList> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FleetEvidenceRuleList;
  } catch (error) {
    throw new CommandFailed(`cannot read the rules in ${file}: ${errorMessage(error)}`, ExitCode.usage);
  }
}
