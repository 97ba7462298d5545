import { peersMissing } from '../test/interop/peer-programs.ts';
import { compareWithBaseline } from './baseline.ts';
import { report, reporter } from './faults.ts';
import { startGateway } from './stage.ts';

const LISTED = [100, 1000];

/** Cost of reading all faults while none changes. */
export async function faultLists(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  for (const count of LISTED) await listed(count);
}

async function listed(count: number): Promise<void> {
  await using gateway = await startGateway('--set', 'fault_manager.mode=own');
  await using peer = await reporter('cyclone');
  await report(peer, `MOTOR_{n} 0 2 /motor hot count=${count}`);
  await compareWithBaseline(`${gateway.url}/faults`, gateway.pid, `/faults with ${count}`);
}
