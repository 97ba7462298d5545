import { eventually } from '../harness/eventually.ts';
import type { DemoScene } from './demo-scene.ts';

/** A process of the demo, by its command-line word. The gateway of the robot runs in that of `demo`. */
export type DemoPart = 'demo' | 'robot' | 'gate' | 'island';

/** Waits for one process of a demo and sends it a signal. */
export async function signalPart({ medkit }: Pick<DemoScene, 'medkit'>, part: DemoPart, signal: NodeJS.Signals) {
  process.kill(await eventually(`the process of ${part}`, async () => medkit.processOf(part)), signal);
}
