/** Filling rate, litres per second. */
const LITRES_PER_SECOND = 0.5;

/** The values that the PLC shows. */
export interface Process {
  readonly levelL: number;
  readonly bottles: number;
  readonly valve: 'open' | 'closed';
}

/** A PLC that fills bottles from a tank. It is simulated here; a real one is connected by a field bus. */
export class Plc {
  #levelL: number;
  #bottles = 0;

  constructor(levelL: number) {
    this.#levelL = levelL;
  }

  read(): Process {
    return { levelL: this.#levelL, bottles: this.#bottles, valve: this.#levelL > 0 ? 'open' : 'closed' };
  }

  /** Simulates one second of work. */
  work(): void {
    if (this.#levelL <= 0) return;
    this.#levelL = Math.max(0, this.#levelL - LITRES_PER_SECOND);
    this.#bottles++;
  }

  refill(levelL: number): void {
    this.#levelL = levelL;
  }
}
