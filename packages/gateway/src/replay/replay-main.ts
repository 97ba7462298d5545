import { constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type ReplayTask, runReplayTask } from './replay-task.ts';

if (!parentPort) throw new Error('this module must be started as a worker thread');
const { PRIORITY_BELOW_NORMAL } = constants.priority;
// Linux lowers the priority of the calling thread only; other systems would lower that of the gateway.
if (process.platform === 'linux' && getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
parentPort.postMessage(await runReplayTask(workerData as ReplayTask));
