import { test } from 'node:test';
import { scaledStorm } from '../harness/storm.ts';
import { LIVE_TIMEOUT_MS, runLiveScene } from './live/live-scene.ts';

const ROBOTS = scaledStorm(500, 20);

test(
  `${ROBOTS} robots at one hub lose nothing and repeat nothing through a storm, a killed hub and cut connections`,
  {
    timeout: LIVE_TIMEOUT_MS,
  },
  (context) => runLiveScene(context, { robots: ROBOTS }),
);
