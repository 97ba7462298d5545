import { MemoryFiles } from '@medkit/edges/testing';
import { bundledSource, folderSource } from '../types/type-source.ts';
import { TypeStore } from '../types/type-store.ts';

const PRIMITIVES =
  'bool byte char int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64 string wstring'.split(' ');

/** Interface files that use every part of the language, as in a folder of the user. */
export const TEST_INTERFACES: Readonly<Record<string, string>> = {
  '/types/test_pkg/msg/Primitives.msg': PRIMITIVES.map((type) => `${type} a_${type}`).join('\n'),
  '/types/test_pkg/msg/Arrays.msg': PRIMITIVES.flatMap((type) => [
    `${type}[3] fixed_${type}`,
    `${type}[] unbounded_${type}`,
    `${type}[<=4] bounded_${type}`,
  ]).join('\n'),
  '/types/test_pkg/msg/Nested.msg': [
    'Empty nothing',
    'Empty[] many_nothings',
    'Primitives one',
    'Primitives[2] two',
    'Arrays[<=2] some',
    'std_msgs/Header header',
    'string<=5 short',
    'wstring<=3[<=2] shorts',
  ].join('\n'),
  '/types/test_pkg/msg/Defaults.msg': [
    '# default values of fields',
    'bool flag true',
    'int8 small -8',
    'uint64 big 18446744073709551615',
    'float32 third 0.333 # not exact',
    'string text "a # b, \\"c\\""',
    "string other 'single'",
    'string bare word',
    'int32[] list [1, -2, 0x10]',
    'float64[2] pair [1e3, .5]',
    'string[] names ["a, b", c]',
    'uint8 LOW=1',
    'string NAME="it\'s # here"',
    'float64 PI = 3.25',
    'geometry_msgs/Quaternion rotation',
  ].join('\r\n'),
  '/types/test_pkg/msg/Empty.msg': '# nothing\n',
  '/types/test_pkg/srv/Ask.srv': 'string question\n---\n# nothing but\nbool yes\n',
  '/types/test_pkg/action/Dock.action': 'string dock\n---\nbool done\n---\nfloat32 left\n',
  '/types/test_pkg/msg/Loop.msg': 'Loop[] loops',
  '/types/test_pkg/msg/Orphan.msg': 'nowhere_msgs/Missing missing',
  '/types/test_pkg/msg/Broken.msg': 'int32 fine\nint32 1st',
};

/** A store with these types and the bundled ones. */
export function testTypeStore(): TypeStore {
  return new TypeStore({ sources: [bundledSource, folderSource(new MemoryFiles(TEST_INTERFACES), '/types')] });
}
