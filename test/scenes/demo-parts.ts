import { eventually } from '../harness/eventually.ts';
import type { DemoScene } from './demo-scene.ts';

/** A process of the demo, by the word that it is started with: the gateway of the robot is in that of `demo`. */
export type DemoPart = 'demo' | 'robot' | 'gate' | 'island';

/** Sends a signal to one process of a demo, once that is there. */
export async function signalPart({ medkit }: Pick<DemoScene, 'medkit'>, part: DemoPart, signal: NodeJS.Signals) {
  process.kill(await eventually(`the process of ${part}`, async () => medkit.processOf(part)), signal);
}
