import type { NewFleetQueuedRequest } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import { parseJsonInput } from '@medkit/core/json';
import { durationSeconds } from '../../command/duration.ts';
import { ExitCode } from '../../command/exit-code.ts';
import { CommandFailed } from '../../command/failure.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { plainLine } from '../../terminal/display-width.ts';
import { formatTime } from '../../terminal/format.ts';
import { isoTime } from '../park-robot.ts';

const METHODS: readonly string[] = ['POST', 'PUT', 'DELETE'];

/** `medkit fleet queue add`: queues a request. */
export const addRequest = remoteCommand({
  usage: 'fleet queue add <robot> <method> <path>',
  asksHub: true,
  about: [
    'Queues a request for a robot. The hub sends it when the robot is connected, with the permissions that you have then.',
    'Requests that clear faults, set configurations, run scripts, delete files or change subscriptions can be queued.',
  ],
  options: {
    body: { takes: '<json>', about: 'body of the request' },
    expires: { takes: '<duration>', about: 'send it only so long, such as 12h; 24h by default, at most 30d' },
    'not-before': { takes: '<time>', about: 'send it not before this time (ISO 8601)' },
    note: { takes: '<text>', about: 'reason, for people' },
  },
  examples: [
    ['fleet queue add amr-17 DELETE /apps/lidar/faults/LIDAR_DIRTY', 'clear a fault'],
    ['fleet queue add amr-17 PUT /apps/lidar/configurations/rate --body \'{"data":5}\'', 'set a configuration'],
  ],
  async run({ client, args: [robot = '', word = '', path = ''], values, json }) {
    const { body, expires, 'not-before': notBefore, note } = values as Readonly<Record<string, string | undefined>>;
    const request: NewFleetQueuedRequest = {
      method: methodIn(word),
      path,
      ...(body !== undefined && { body: jsonIn(body) }),
      ...(expires !== undefined && {
        expires_at: new Date(Date.now() + durationSeconds('expires', expires) * 1000).toISOString(),
      }),
      ...(notBefore !== undefined && { not_before: isoTime('not-before', notBefore) }),
      ...(note !== undefined && { note }),
    };
    const { text, value } = await client.ask('queueFleetRequest', { path: { robot }, body: request });
    const line = `request ${value.id} of ${robot} is ${value.state} until ${formatTime(new Date(value.expires_at))}`;
    console.log(json ? text : plainLine(line));
    return ExitCode.ok;
  },
});

/** `medkit fleet queue cancel`: cancels a request. */
export const cancelRequest = remoteCommand({
  usage: 'fleet queue cancel <robot> <id>',
  asksHub: true,
  about: [
    'Cancels a queued request that was not sent yet. `fleet queue list` has the ids.',
    'A request without a reply is not sent again, and its outcome stays unknown: check the robot.',
  ],
  async run({ client, args: [robot = '', queued = ''] }) {
    await client.call('cancelFleetQueuedRequest', { path: { robot, queued } });
    console.log(plainLine(`request ${queued} of ${robot} is cancelled`));
    return ExitCode.ok;
  },
});

function methodIn(word: string): NewFleetQueuedRequest['method'] {
  const method = word.toUpperCase();
  if (METHODS.includes(method)) return method as NewFleetQueuedRequest['method'];
  throw new CommandFailed(`"${word}" is not one of ${METHODS.join(', ')}`, ExitCode.usage);
}

function jsonIn(text: string): unknown {
  try {
    return parseJsonInput(text);
  } catch (error) {
    throw new CommandFailed(`--body is not JSON: ${errorMessage(error)}`, ExitCode.usage);
  }
}
