import type { Files } from '@medkit/edges';

/** Facts about the machine that its hub lists before a person approves it. */
export interface MachineFacts {
  readonly name?: string;
  readonly serial?: string;
  readonly model?: string;
  readonly system?: string;
  readonly medkit?: string;
  /** The software release in use. */
  readonly software?: string;
}

/** Maximum length of a fact: the hub accepts no more. */
const MAX_FACT_CHARS = 128;
/** Where Linux has them: on machines with firmware tables, which only root may read, and on boards. */
const SERIAL_FILES = ['/sys/class/dmi/id/product_serial', '/proc/device-tree/serial-number'];
const MODEL_FILES = ['/sys/class/dmi/id/product_name', '/proc/device-tree/model'];
/** Texts of manufacturers that set no value. */
const NO_VALUE = /^(?:not specified|none|n\/a|default string|to be filled.*|system .*|0+)?$/i;

/**
 * Returns the facts of this machine, without those that it does not have.
 * @param serial the configured serial number; empty for that of the machine
 */
export async function machineFacts(
  files: Pick<Files, 'readText'>,
  { serial, ...others }: { readonly serial: string } & Omit<MachineFacts, 'model' | 'serial'>,
): Promise<MachineFacts> {
  const [ofMachine, model] = [await firstFact(files, SERIAL_FILES), await firstFact(files, MODEL_FILES)];
  const facts = { ...others, serial: serial === '' ? ofMachine : serial, model };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, text]) => (text ? [[name, text.slice(0, MAX_FACT_CHARS)]] : [])),
  );
}

async function firstFact(files: Pick<Files, 'readText'>, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const text = await files.readText(path).catch(() => undefined);
    const fact = text?.replaceAll('\0', '').trim() ?? '';
    if (!NO_VALUE.test(fact)) return fact;
  }
  return undefined;
}
