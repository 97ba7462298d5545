import type { Client } from '@medkit/client';
import { stringifyJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { ownScreen } from '../terminal/screen.ts';
import { silentLines } from './incident-words.ts';
import { readStory } from './read-story.ts';
import { storyLines } from './story-lines.ts';

/** `medkit why`: what happened, for somebody who was woken up. */
export const why = remoteCommand({
  usage: 'why [incident]',
  about: [
    'Tells an incident in about twenty lines: how it stands, the value that went through a threshold, what came of it, what',
    'people changed before, what was logged and recorded, and what to do next. Without an incident it is the newest that is',
    'open, else the newest of all.',
  ],
  examples: [
    ['why', 'why the robot stands'],
    ['why inc_41', 'why it stood'],
  ],
  async run({ client, json, words: [word], values }) {
    const newest = word === undefined ? await newestIncident(client) : { id: word, about: undefined };
    if (newest.id === undefined) {
      console.log(json ? 'null' : 'no incident');
      for (const line of json ? [] : silentLines(newest.about)) console.error(plainLine(line));
      return ExitCode.ok;
    }
    const story = await readStory(client, newest.id);
    const more = values.url === undefined ? '' : `--url ${client.url}`;
    if (json) console.log(stringifyJson(story));
    else
      for (const line of storyLines(story, { screen: ownScreen(), medkit: invocation(process.env), more }))
        console.log(line);
    return ExitCode.ok;
  },
});

async function newestIncident(client: Client) {
  const open = await client.call('listIncidents', { query: { state: 'open', limit: 1 } });
  const { items, 'x-medkit': about } =
    open.items.length > 0 ? open : await client.call('listIncidents', { query: { limit: 1 } });
  return { id: items[0]?.id, about };
}
