import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AlarmState, TankAlarmName } from '../tank/tank-alarms.ts';
import type { PlcScenarioName } from '../tank/tank-faults.ts';
import type { PlcOptions } from './plc-options.ts';
import type { PlcCommand, PlcReport, PlcRequest } from './protocol.ts';

/** A simulated PLC could not be started, or did not do what it was asked for. */
export class PlcFailed extends Error {
  override readonly name = 'PlcFailed';
  /** Name of the error in its process, such as `LibraryMissing`. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(text);
    this.reason = reason;
  }
}

/** What can be done with a native alarm, whatever the tank is like. */
export type AlarmCommand = Exclude<PlcCommand, 'inject' | 'clear' | 'set' | 'message' | 'refresh'>;

/** A PLC that runs in a process of its own. Every promise rejects with `PlcFailed`. */
export interface RunningPlc {
  readonly endpointUrl: string;
  /** Of all servers of the process, this one first. */
  readonly endpointUrls: readonly string[];
  readonly pid: number;
  /** Resolves when its process is gone. */
  readonly ended: Promise<void>;
  /** `plc` says which server of several, here and below: 0 is the first. */
  inject(scenario: PlcScenarioName, plc?: number): Promise<void>;
  clear(scenario: PlcScenarioName, plc?: number): Promise<void>;
  /** Gives a variable another value, such as `ns=2;s=Tank.Level`; the tank goes on from there. */
  set(nodeId: string, value: number | boolean | string, plc?: number): Promise<void>;
  /** `says` is what one that is activated says, as far as it is something else than usual. */
  alarm(command: AlarmCommand, name: TankAlarmName, says?: Partial<AlarmState>, plc?: number): Promise<void>;
  /** Tells of an event that is no condition. */
  systemMessage(text: string, plc?: number): Promise<void>;
  /** Whether it tells of its alarms again when a client asks for that, as not all controllers do. */
  refreshes(isDone: boolean, plc?: number): Promise<void>;
  /** Ends it in order, and by force where that does not work. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
}

/** A process closes its sessions within this time, or is killed: it ends itself before. */
const STOP_WITHIN_MS = 5000;

/** Its program: TypeScript in the repository, JavaScript in the published package. */
const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'main.ts' : 'main.js', import.meta.url));

/** What the one who starts a PLC hears of it. */
export interface PlcListener {
  /** The station takes its release of vehicles back, or gives it again: what a wire from it would tell. */
  onRelease?(isReleased: boolean, plc: number): void;
}

/** Starts a PLC in a process of its own, which ends when this one does, however that happens. Rejects with `PlcFailed`. */
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
  const { endpointUrls, ownFolder } = await untilReady(child);
  // One that was killed could not.
  const ended = exited.then(() => {
    if (ownFolder !== undefined) rmSync(ownFolder, { recursive: true, force: true });
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

/** Asks its process, and waits for the answer of the same number. */
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
