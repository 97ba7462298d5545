import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vendorNamed } from './vendors.ts';

const FAST_DDS = '010f';
const CYCLONE_DDS = '0110';
const CONNEXT = '0101';
const MEDKIT = '014d';
const UNKNOWN = '0106';

describe('the vendor of a participant', () => {
  it('determines the base with which its writers are asked first', () => {
    const firstBases = [FAST_DDS, CYCLONE_DDS, CONNEXT, MEDKIT, UNKNOWN].map((name) => vendorNamed(name).firstBase);
    assert.deepEqual(firstBases, [0, 1, 1, 1, 1]);
  });

  it('determines whether its writers announce their history to a reader', () => {
    const announcing = [FAST_DDS, CYCLONE_DDS, CONNEXT, MEDKIT, UNKNOWN].filter(
      (name) => vendorNamed(name).tellsHistory,
    );
    assert.deepEqual(announcing, [MEDKIT]);
  });

  it('keeps its id, also if the vendor is unknown', () => {
    assert.deepEqual(
      [vendorNamed(MEDKIT), vendorNamed(UNKNOWN)].map(({ id }) => id),
      [0x014d, 0x0106],
    );
  });
});
