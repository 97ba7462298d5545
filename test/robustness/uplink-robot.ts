import { systemClock, systemRandom } from '@medkit/edges/node';
import { gatewayUplink } from '../../packages/gateway/src/uplink/gateway-uplink.ts';
import { openRobot } from './robot.ts';

/**
 * A robot that records its faults for a hub in `folder` until it is killed. Its faults are confirmed and cleared in
 * turn, several at a time. Prints `<number> fault_confirmed <code> <occurrence>` and `<number> fault_cleared <code>
 * <occurrence>` once the fault manager has acknowledged each.
 */
const [, , folder = ''] = process.argv;
const CODES = 8;

const log = (_: string, message: string) => process.stdout.write(`${message}\n`);
const uplink = gatewayUplink({ clock: systemClock, random: systemRandom, maxBytes: 64 * 1024 * 1024, log });
const { manager } = await openRobot(folder, { uplink });

let acknowledged = 0;
const acknowledge = (news: string): boolean => log('', `${++acknowledged} ${news}`);

async function live(code: string): Promise<never> {
  for (;;) {
    const answer = await manager.report({ code, event: 'FAILED', severity: 2, description: '', source: '/source' });
    const occurrence = answer.accepted ? answer.fault?.occurrenceCount : undefined;
    acknowledge(`fault_confirmed ${code} ${occurrence}`);
    await manager.clear(code, { cascade: false });
    acknowledge(`fault_cleared ${code} ${occurrence}`);
  }
}

await Promise.all(Array.from({ length: CODES }, (_, index) => live(`F${index}`)));
