import { readFile } from 'node:fs/promises';
import type { NewFleetCampaign } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import { ExitCode } from '../../command/exit-code.ts';
import { CommandFailed } from '../../command/failure.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { campaignText } from './list-campaigns.ts';

/** `medkit fleet campaigns create`: creates a campaign. */
export const createCampaign = remoteCommand({
  usage: 'fleet campaigns create <file>',
  asksHub: true,
  about: [
    'Creates a campaign from a YAML or JSON file with the members of `POST /x-medkit-fleet/campaigns`, and begins with its first',
    'wave. With --dry-run, prints the waves and the robots that could not begin now, and creates nothing.',
  ],
  options: { 'dry-run': { about: 'create nothing' } },
  examples: [
    ['fleet campaigns create slower.yaml --dry-run', 'try it'],
    ['fleet campaigns create slower.yaml', 'begin'],
  ],
  async run({ client, args: [file = ''], values, json }) {
    const plan = await planIn(file);
    const body = values['dry-run'] === true ? { ...plan, dry_run: true } : plan;
    const { text, value } = await client.ask('createFleetCampaign', { body });
    console.log(json ? text : campaignText(value, value.not_fulfilled ?? []));
    return ExitCode.ok;
  },
});

/** Reads a plan; JSON is YAML. The hub checks its members. */
async function planIn(file: string): Promise<NewFleetCampaign> {
  try {
    const { readYaml, toPlainData } = await import('@medkit/documents');
    return toPlainData(readYaml(await readFile(file, 'utf8'), file)) as NewFleetCampaign;
  } catch (error) {
    throw new CommandFailed(`cannot read the campaign in ${file}: ${errorMessage(error)}`, ExitCode.usage);
  }
}
