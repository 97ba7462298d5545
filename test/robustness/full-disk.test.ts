import { describe, it } from 'node:test';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { playOnSmallDisk, smallDiskMissing } from './small-disk.ts';
import { SCENES } from './small-disk-scenes.ts';

using mountPoint = temporaryFolder();

describe('a robot on a full disk', { skip: smallDiskMissing(mountPoint.path) }, () => {
  for (const scene of Object.keys(SCENES)) {
    it(scene, { timeout: 130_000 }, () => {
      using folder = temporaryFolder();
      playOnSmallDisk(folder.path, scene);
    });
  }
});
