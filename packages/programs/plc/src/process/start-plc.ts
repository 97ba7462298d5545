import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AlarmState, TankAlarmName } from '../tank/tank-alarms.ts';
import type { PlcScenarioName } from '../tank/tank-faults.ts';
import type { PlcOptions } from './plc-options.ts';
import type { PlcCommand, PlcReport, PlcRequest } from './protocol.ts';

/** A simulated PLC failed to start, or rejected a request. */
export class PlcFailed extends Error {
  override readonly name = 'PlcFailed';
  /** Name of the error in its process, such as `LibraryMissing`. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(text);
    this.reason = reason;
  }
}

/** Commands for a native alarm, independent of the tank. */
export type AlarmCommand = Exclude<PlcCommand, 'inject' | 'clear' | 'set' | 'message' | 'refresh'>;

/** A PLC in a separate process. Every promise rejects with `PlcFailed`. */
export interface RunningPlc {
  readonly endpointUrl: string;
  /** Endpoints of all servers of the process, this one first. */
  readonly endpointUrls: readonly string[];
  readonly pid: number;
  /** Resolves when its process has exited. */
  readonly ended: Promise<void>;
  /** `plc` is the index of the server, here and below; 0 is the first. */
  inject(scenario: PlcScenarioName, plc?: number): Promise<void>;
  clear(scenario: PlcScenarioName, plc?: number): Promise<void>;
  /** Sets a variable such as `ns=2;s=Tank.Level`; the simulation continues from there. */
  set(nodeId: string, value: number | boolean | string, plc?: number): Promise<void>;
  /** `says` overrides members of the state of an activated alarm. */
  alarm(command: AlarmCommand, name: TankAlarmName, says?: Partial<AlarmState>, plc?: number): Promise<void>;
  /** Sends an event that is not a condition. */
  systemMessage(text: string, plc?: number): Promise<void>;
  /** Enables or disables ConditionRefresh, which not all controllers support. */
  refreshes(isDone: boolean, plc?: number): Promise<void>;
  /** Shuts it down; kills it if that fails. */
  stop(): Promise<void>;
  /** Kills it immediately, like a power failure. */
  kill(): Promise<void>;
}

/** Time after which the process is killed. Its own shutdown limit is shorter. */
const STOP_WITHIN_MS = 5000;

/** Program of the process: TypeScript in the repository, JavaScript in the published package. */
const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'main.ts' : 'main.js', import.meta.url));

/** Callbacks for the caller that starts a PLC. */
export interface PlcListener {
  /** Called when the station revokes or grants its release for vehicles, as a hardwired signal. */
  onRelease?(isReleased: boolean, plc: number): void;
}

/** Starts a PLC in a separate process, which ends with this one, even if this one is killed. Rejects with `PlcFailed`. */
export async function startPlc(options: PlcOptions = {}, listener: PlcListener = {}): Promise<RunningPlc> {
  const child = spawn(process.execPath, [...process.execArgv, program, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.on('message', (message: PlcReport) => {
    if (message.kind === 'release') listener.onRelease?.(message.isReleased, message.plc);
  });
  const { endpointUrls, temporaryFolder } = await untilReady(child);
  // A killed process could not remove its folder.
  const ended = exited.then(() => {
    if (temporaryFolder !== undefined) rmSync(temporaryFolder, { recursive: true, force: true });
  });
  const ask = askingOf(child);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };
  return {
    endpointUrl: endpointUrls[0] as string,
    endpointUrls,
    pid: child.pid as number,
    ended,
    inject: (what, plc = 0) => ask({ plc, command: 'inject', what }),
    clear: (what, plc = 0) => ask({ plc, command: 'clear', what }),
    set: (what, value, plc = 0) => ask({ plc, command: 'set', what, value }),
    alarm: (command, what, says = {}, plc = 0) => ask({ plc, command, what, says }),
    systemMessage: (what, plc = 0) => ask({ plc, command: 'message', what }),
    refreshes: (value, plc = 0) => ask({ plc, command: 'refresh', what: '', value }),
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function untilReady(child: ChildProcess): Promise<PlcReport & { readonly kind: 'ready' }> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: PlcReport) => {
      if (message.kind === 'failed') reject(new PlcFailed(message.text, message.reason));
      else if (message.kind === 'ready') resolve(message);
    });
    child.once('error', (error) => reject(new PlcFailed(error.message, error.name)));
    child.once('exit', (code, signal) => reject(new PlcFailed(`its process ended (${signal ?? code})`, 'Ended')));
  });
}

/** Sends a request to the process and waits for the reply with the same number. */
function askingOf(child: ChildProcess): (request: PlcRequest) => Promise<void> {
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let lastId = 0;
  child.on('message', (message: PlcReport) => {
    if (message.kind !== 'done') return;
    const { id, error } = message;
    if (error === undefined) waiting.get(id)?.resolve();
    else waiting.get(id)?.reject(new PlcFailed(error, 'Refused'));
    waiting.delete(id);
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new PlcFailed('its process ended', 'Ended'));
    waiting.clear();
  });
  return (request) => {
    lastId += 1;
    const id = lastId;
    const answered = Promise.withResolvers<void>();
    waiting.set(id, answered);
    child.send({ id, request }, undefined, undefined, (error) => {
      if (error === null) return;
      waiting.delete(id);
      answered.reject(new PlcFailed(error.message, 'Ended'));
    });
    return answered.promise;
  };
}
