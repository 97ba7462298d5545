import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** Of Linux, octal as in `/proc`: the descriptor is closed in programs that are started. */
const CLOSES_ON_EXEC = 0o2000000;
/** Standard input, output and error. */
const STREAMS = 3;

/**
 * Closes the descriptors that this process was started with besides its streams. What Node.js opens is not for programs and
 * says so; what is, whoever started it left open, and all that it starts would have it, too.
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
    // A system without them.
    return [];
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) === 0;
  } catch {
    // It was that by which they were listed.
    return false;
  }
}
