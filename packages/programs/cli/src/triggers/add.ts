import { readFile } from 'node:fs/promises';
import { resourceUri } from '@medkit/client';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { CONDITION_OPTIONS, conditionOf } from './condition.ts';

/** `medkit trigger add`: creates a trigger. */
export const addTrigger = remoteCommand({
  usage: 'trigger add <entity> <resource>',
  about: [
    'Creates a trigger: the gateway checks each new value of a resource of the entity (data/voltage, faults, operations, logs)',
    'against a condition, and sends an event to `trigger events` and to the webhook. Prints the id of the trigger.',
  ],
  options: {
    ...CONDITION_OPTIONS,
    path: {
      takes: '<pointer>',
      about: 'JSON pointer to the part of the value to check, such as /pose/position/x (default: the whole value)',
    },
    once: { about: 'end after the first event' },
    persistent: { about: 'keep the trigger after a restart of the gateway' },
    for: { takes: '<time>', about: 'lifetime such as 90s, 5m or 1d (default: unlimited)' },
    webhook: { takes: '<url>', about: 'URL to which events are also delivered' },
    'webhook-secret-file': {
      takes: '<file>',
      about: 'file with the secret for signing deliveries; requires --webhook',
    },
  },
  examples: [
    ['trigger add battery_monitor data/voltage --enters 0..22', 'fire when the voltage falls below 22 V'],
    [
      'trigger add navigation faults --path /status --becomes CONFIRMED',
      'fire when a fault of the navigation is confirmed',
    ],
  ],
  async run({ client, args: [word, resource], values, json }) {
    const trigger_condition = conditionOf(values);
    const webhook = await webhookOf(values);
    const lifetime = values.for === undefined ? undefined : durationSeconds('for', String(values.for));
    const entity = await findEntity(client, word);
    const { text, value } = await client.ask('createTrigger', {
      entity,
      body: {
        resource: resourceUri(entity, resource.replace(/^\/+/, '')),
        trigger_condition,
        multishot: values.once !== true,
        persistent: values.persistent === true,
        ...(values.path !== undefined && { path: String(values.path) }),
        ...(lifetime !== undefined && { lifetime }),
        ...(webhook && { protocol: 'webhook', webhook }),
      },
    });
    console.log(json ? text : value.id);
    return ExitCode.ok;
  },
});

/** Reads the webhook options. The secret is in a file, because other users can see command lines. */
async function webhookOf({ webhook, 'webhook-secret-file': file }: OptionValues) {
  if (webhook === undefined && file === undefined) return undefined;
  if (webhook === undefined) throw new CommandFailed('--webhook-secret-file requires --webhook', ExitCode.usage);
  if (file === undefined) return { url: String(webhook) };
  const secret = await readFile(String(file), 'utf8').catch((error: Error) => {
    throw new CommandFailed(`cannot read the webhook secret: ${error.message}`, ExitCode.usage);
  });
  return { url: String(webhook), secret: secret.trim() };
}
