import { type Client, type EntityRef, GatewayRefused, type Reply } from '@medkit/client';
import type { ScriptExecution } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { printError } from '../command/print-error.ts';
import { waitUnlessAborted } from '../command/stop-signal.ts';
import { forTerminal } from '../terminal/display-width.ts';
import { progressLine } from '../terminal/progress-line.ts';

const LOOK_EVERY_MS = 250;
const UNDER_WAY: readonly string[] = ['prepared', 'running'];

interface Following {
  readonly client: Client;
  readonly entity: EntityRef<'app' | 'component'>;
  readonly path: { readonly script_id: string; readonly execution_id: string };
  readonly json: boolean;
  /** Stops the script. */
  readonly signal: AbortSignal;
}

/** Prints the output of a script until it ends, and returns its exit code. */
export async function followExecution({ client, entity, path, json, signal }: Following): Promise<number> {
  const progress = progressLine();
  const printed = { text: '', stdout: 0, stderr: 0 };
  const show = ({ text, value }: Reply<ScriptExecution>) => {
    const { stdout = '', stderr = '' } = value['x-medkit'] ?? {};
    progress.clear();
    if (json) {
      if (text !== printed.text) console.log(text);
      printed.text = text;
    } else {
      process.stdout.write(forTerminal((stdout ?? '').slice(printed.stdout)));
      process.stderr.write(forTerminal((stderr ?? '').slice(printed.stderr), process.stderr));
      printed.stdout = Math.max(printed.stdout, stdout?.length ?? 0);
      printed.stderr = Math.max(printed.stderr, stderr?.length ?? 0);
    }
    if (UNDER_WAY.includes(value.status))
      progress.show(`${value.status} ${value.progress ?? ''}${value.progress == null ? '' : ' %'}`);
  };
  const look = async () => {
    const reply = await client.ask('getScriptExecution', { entity, path });
    show(reply);
    return reply.value;
  };
  try {
    let last = await look();
    while (UNDER_WAY.includes(last.status) && (await waitUnlessAborted(LOOK_EVERY_MS, signal))) last = await look();
    if (UNDER_WAY.includes(last.status)) {
      const wasRunning = await stopped({ client, entity, path });
      last = await look();
      return wasRunning ? ExitCode.cancelled : ended(last);
    }
    return ended(last);
  } finally {
    progress.clear();
  }
}

/** Stops a script. Returns false if it had already ended. */
async function stopped({ client, entity, path }: Pick<Following, 'client' | 'entity' | 'path'>): Promise<boolean> {
  try {
    await client.call('controlScriptExecution', { entity, path, body: { action: 'stop' } });
    return true;
  } catch (error) {
    if (error instanceof GatewayRefused && error.code === 'x-medkit-script-not-running') return false;
    throw error;
  }
}

function ended({ status, error, 'x-medkit': about }: ScriptExecution): number {
  if (status === 'completed') return ExitCode.ok;
  const code = about?.exit_code ?? error?.exit_code;
  if (error?.reason === 'exit-code' && code) return code;
  printError(error?.message ?? status);
  return ExitCode.endedBadly;
}
