import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bundledInterfaces } from '../definitions/bundled/bundled.ts';
import type { MessageDefinition } from '../definitions/definition.ts';
import { parseMessage } from '../definitions/parse-message.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { typeHash } from '../typehash/rihs01.ts';
import { definitionText } from './definition-text.ts';
import { linkType, type MessageType } from './message-type.ts';

const store = testTypeStore();

async function typeOf(name: string): Promise<MessageType> {
  const known = await store.find(name);
  assert.ok(known, name);
  return known.type;
}

/** The type that a text defines. */
function readBack(name: string, text: string): MessageType {
  const [whole, ...parts] = text.split(`${'='.repeat(80)}\nMSG: `);
  const definitions = new Map<string, MessageDefinition>([[name, parseMessage(name, whole)]]);
  for (const part of parts) {
    const end = part.indexOf('\n');
    const short = part.slice(0, end);
    const full = short.split('/').length === 2 ? short.replace('/', '/msg/') : short;
    assert.ok(!definitions.has(full), `${full} is there once`);
    definitions.set(full, parseMessage(full, part.slice(end + 1)));
  }
  return linkType(name, definitions);
}

describe('the text of a definition', () => {
  it('is as rosbag2 joins it', async () => {
    assert.equal(
      definitionText(await typeOf('std_msgs/msg/Header')),
      `builtin_interfaces/Time stamp\nstring frame_id\n${'='.repeat(80)}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n`,
    );
  });

  it('defines the same type, for every bundled type and every part of the language', async () => {
    const messages = (await bundledInterfaces()).filter((name) => name.includes('/msg/'));
    const names = [
      ...messages,
      ...['Primitives', 'Arrays', 'Nested', 'Empty', 'Defaults'].map((name) => `test_pkg/msg/${name}`),
      'std_srvs/srv/Trigger_Response',
      'nav2_msgs/action/NavigateToPose_FeedbackMessage',
    ];
    for (const name of names) {
      const type = await typeOf(name);
      const read = readBack(name, definitionText(type));
      assert.deepEqual(read, type, name);
      assert.equal(typeHash(read), typeHash(type), name);
    }
  });
});
