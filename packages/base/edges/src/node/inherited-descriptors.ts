import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** Linux O_CLOEXEC, octal as in `/proc`: the descriptor is closed in programs that this process starts. */
const CLOSES_ON_EXEC = 0o2000000;
/** Standard input, output and error. */
const STREAMS = 3;

/**
 * Closes descriptors that this process inherited, except its standard streams. Node.js sets close-on-exec on its
 * descriptors. A descriptor without that flag was inherited, and every program started here would inherit it too.
 */
export function closeInherited(): void {
  for (const descriptor of descriptors()) {
    if (descriptor >= STREAMS && isInherited(descriptor)) closeSync(descriptor);
  }
}

function descriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    // The system has no `/proc`.
    return [];
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) === 0;
  } catch {
    // The descriptor that listed the folder, already closed.
    return false;
  }
}
