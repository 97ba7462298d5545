import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';

/** `medkit trigger test`: sends a test event to the webhook of a trigger. */
export const testTriggerWebhook = remoteCommand({
  usage: 'trigger test <entity> <trigger>',
  about: [
    'Sends a test event to the webhook of a trigger, once and without retries, and prints the result.',
    `Exit code: 0 if it was delivered, ${ExitCode.failed} otherwise.`,
  ],
  examples: [['trigger test battery_monitor trig_1', 'test the webhook of a trigger']],
  async run({ client, args: [word, id], json }) {
    const entity = await findEntity(client, word);
    const { text, value } = await client.ask('testTrigger', { entity, path: { trigger_id: id } });
    const { delivered, status, error, duration_ms } = value;
    const outcome = delivered ? 'delivered' : 'not delivered';
    const details = [status && `HTTP ${status}`, error].filter(Boolean).join(', ');
    if (json) console.log(text);
    else console.log(plainLine(`${outcome} in ${duration_ms.toFixed(0)} ms${details && `: ${details}`}`));
    return delivered ? ExitCode.ok : ExitCode.failed;
  },
});
