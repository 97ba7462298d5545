import { parseJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { reconnecting } from '../remote/reconnecting.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { colorize } from '../terminal/colorize.ts';
import { formatTime } from '../terminal/format.ts';
import { valueLines } from '../terminal/value-lines.ts';

/** `medkit trigger events`: prints the events of a trigger. */
export const triggerEvents = remoteCommand({
  usage: 'trigger events <entity> <trigger>',
  about: [
    'Prints the stored events of a trigger, then new events, until the trigger ends or Ctrl-C. Events during a connection loss',
    'or a restart of the gateway are delivered afterwards.',
  ],
  options: { after: { takes: '<event>', about: 'only events after the event with this id' } },
  examples: [['trigger events battery_monitor trig_1', 'follow the events of a trigger']],
  async run({ client, args: [word, id], values, json }) {
    const entity = await findEntity(client, word);
    const path = { trigger_id: id };
    const signal = stopSignal();
    const isActive = async () => (await client.call('getTrigger', { entity, path })).status === 'active';
    const events = client.events('streamTriggerEvents', {
      entity,
      path,
      signal,
      goesOn: isActive,
      ...(values.after !== undefined && { lastEventId: String(values.after) }),
      ...reconnecting(client),
    });
    for await (const { id: eventId, data } of events) {
      console.log(json ? data : lines(eventId, data));
      if (signal.aborted) break;
    }
    return ExitCode.ok;
  },
});

function lines(id: string | undefined, data: string): string {
  const { timestamp, payload } = parseJson(data) as { readonly timestamp?: string; readonly payload?: unknown };
  const head = `${colorize(formatTime(new Date(timestamp ?? '')), 'dim')}  ${colorize(`event ${id ?? ''}`, 'bold')}`;
  return [head, ...valueLines(payload, '  ')].join('\n');
}
