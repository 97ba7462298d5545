import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CdrWriter } from '@medkit/rtps/cdr';
import { CdrReader, compileDecoder, InvalidDefinition, readDefinitionText } from '../decode.ts';

const LINE = '='.repeat(80);
const SCAN = `std_msgs/Header header
float32[] ranges
${LINE}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
${LINE}
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
`;

describe('a definition with its nested types', () => {
  it('is read whatever the ends of its lines, the length of the separator, and the form of its names', () => {
    const type = readDefinitionText('pkg/msg/Scan', SCAN);
    const full = SCAN.replaceAll('std_msgs/Header', 'std_msgs/msg/Header').replaceAll(LINE, '=====');
    for (const text of [SCAN.replaceAll('\n', '\r\n'), full])
      assert.deepEqual(readDefinitionText('pkg/Scan', text), type);
    assert.deepEqual(
      type.fields.map(({ name, type: of }) => [name, typeof of === 'string' ? of : of.name]),
      [
        ['header', 'std_msgs/msg/Header'],
        ['ranges', 'float32'],
      ],
    );
  });

  it('decodes messages', () => {
    const writer = new CdrWriter();
    writer.int32(7);
    writer.uint32(8);
    writer.string('laser');
    writer.uint32(2);
    writer.float32(0.5);
    writer.float32(2);
    const decode = compileDecoder(readDefinitionText('pkg/msg/Scan', SCAN));
    assert.deepEqual(decode(new CdrReader(writer.finish())), {
      header: { stamp: { sec: 7, nanosec: 8 }, frame_id: 'laser' },
      ranges: new Float32Array([0.5, 2]),
    });
  });

  it('is refused if a part is missing, or has no name', () => {
    for (const text of [
      'std_msgs/Header header',
      `int8 x\n${LINE}\nint8 y`,
      'int8 1x',
      `pkg/A a\n${LINE}\nMSG: pkg/A\npkg/A a`,
      'int8 x\n'.repeat(200_000),
    ]) {
      assert.throws(() => readDefinitionText('pkg/msg/X', text), InvalidDefinition, text.slice(0, 40));
    }
  });
});
