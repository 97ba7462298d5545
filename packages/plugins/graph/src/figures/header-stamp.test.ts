import assert from 'node:assert/strict';
import { it } from 'node:test';
import { beginsWithStamp, stampMs } from './header-stamp.ts';

it('A message begins with a stamp if its first field is a header or a time', () => {
  assert.ok(beginsWithStamp('std_msgs/Header header\nfloat32 angle_min\n'));
  assert.ok(beginsWithStamp('uint8 OK=0\nbuiltin_interfaces/Time stamp\nuint8 level\n'));
  assert.ok(!beginsWithStamp('string<=10 name\nstd_msgs/Header header\n'));
  assert.ok(!beginsWithStamp('std_msgs/Header[] header\n'));
  assert.ok(
    !beginsWithStamp(
      'geometry_msgs/Twist twist\n================\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\n',
    ),
  );
  assert.ok(!beginsWithStamp(''));
});

it('A stamp is read in either byte order, also from within a larger buffer', () => {
  const little = Uint8Array.of(9, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0xca, 0x9a, 0x3b);
  assert.equal(stampMs(little.subarray(1)), 3000);
  assert.equal(stampMs(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 0, 0x0f, 0x42, 0x40)), 2001);
});

it('No stamp is read if it is zero, truncated or in another encoding', () => {
  assert.equal(stampMs(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), undefined);
  assert.equal(stampMs(Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0)), undefined);
  assert.equal(stampMs(Uint8Array.of(0, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)), undefined);
});
