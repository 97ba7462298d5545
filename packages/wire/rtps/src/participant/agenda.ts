import type { Clock, Timer } from '@medkit/edges';

/**
 * Timers of Node have this resolution, and fire up to that much early: alarms closer than that fire together, and none has
 * the process wake twice for it.
 */
const RESOLUTION_MS = 1;
/**
 * Alarms fired before what has arrived meanwhile has its turn. Among hundreds of peers it answers most of what the next
 * ones would ask again, and Node reads no more than 32 datagrams of a socket a turn.
 */
const ALARMS_PER_TURN = 16;

/** The timer is put off no more often than this: with a thousand samples a second that would cost more than its firing for nothing. */
const PUT_OFF_MS = 2;

/** A timer that fires later than this was held up: the process stood still, or its only thread was busy elsewhere. */
const STANDSTILL_MS = 250;

interface Turns {
  beginTurn(): void;
  endTurn(): void;
}

interface Troubles {
  /** For so long no alarm could fire, and nothing be received; told before the first that is late fires. */
  stoodStill(ms: number): void;
  /** An alarm threw; the others fire as ever. */
  failed(error: unknown): void;
}

/**
 * All alarms of one participant behind a single timer of the clock: a heap by due time. An acknowledgement or heartbeat
 * that is put off a thousand times a second costs a comparison, not a timer.
 */
export class Agenda {
  readonly #clock: Clock;
  readonly #turns: Turns | undefined;
  readonly #troubles: Troubles | undefined;
  readonly #heap: Alarm[] = [];
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  /** When the timer was to fire at the earliest. */
  #expectedMs = 0;
  #putOffMs = Number.NEGATIVE_INFINITY;
  #isTurn = false;
  #stopped = false;

  /** `turns` hears when alarms begin to fire and when those of the turn have. */
  constructor(clock: Clock, turns?: Turns, troubles?: Troubles) {
    this.#clock = clock;
    this.#turns = turns;
    this.#troubles = troubles;
  }

  /** Work begins that may set and cancel many alarms: the timer is set once, when it ends. */
  beginTurn(): void {
    this.#isTurn = true;
    this.#turns?.beginTurn();
  }

  endTurn(): void {
    this.#turns?.endTurn();
    this.#isTurn = false;
    this.#arm();
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** An alarm that calls `callback`; it does not run until it is set. */
  alarm(callback: () => void): Alarm {
    return new Alarm(this, callback);
  }

  /** No alarm fires any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#heap.length = 0;
    this.#stopped = true;
  }

  /** For `Alarm` alone. */
  insert(alarm: Alarm): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(alarm);
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (heap[parent].dueMs <= alarm.dueMs) break;
      heap[index] = heap[parent];
      heap[index].index = index;
      index = parent;
    }
    heap[index] = alarm;
    alarm.index = index;
    this.#arm();
  }

  /** For `Alarm` alone. */
  remove(alarm: Alarm): void {
    const heap = this.#heap;
    const index = alarm.index;
    alarm.index = -1;
    const last = heap.pop();
    if (!last || last === alarm) return;
    this.#place(last, index);
  }

  #place(alarm: Alarm, start: number): void {
    const heap = this.#heap;
    let index = start;
    while (index > 0 && heap[(index - 1) >>> 1].dueMs > alarm.dueMs) {
      const parent = (index - 1) >>> 1;
      heap[index] = heap[parent];
      heap[index].index = index;
      index = parent;
    }
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].dueMs < heap[child].dueMs) child += 1;
      if (heap[child].dueMs >= alarm.dueMs) break;
      heap[index] = heap[child];
      heap[index].index = index;
      index = child;
    }
    heap[index] = alarm;
    alarm.index = index;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (this.#isTurn || this.#stopped || !next || next.dueMs === this.#timerDueMs) return;
    const nowMs = this.nowMs();
    if (next.dueMs > this.#timerDueMs) {
      // What it was set for was cancelled: it need not wake the process for nothing.
      if (next.dueMs - this.#timerDueMs <= RESOLUTION_MS || nowMs - this.#putOffMs < PUT_OFF_MS) return;
      this.#putOffMs = nowMs;
    }
    this.#timer?.cancel();
    this.#timerDueMs = next.dueMs;
    this.#expectedMs = Math.max(nowMs, next.dueMs);
    this.#timer = this.#clock.after(Math.ceil(this.#expectedMs - nowMs), () => this.#run());
  }

  #run(): void {
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#timer = undefined;
    const nowMs = this.nowMs();
    const untilMs = nowMs + RESOLUTION_MS;
    if (nowMs - this.#expectedMs > STANDSTILL_MS) this.#troubles?.stoodStill(nowMs - this.#expectedMs);
    this.beginTurn();
    try {
      for (let fired = 0; fired < ALARMS_PER_TURN; fired += 1) {
        const next = this.#heap[0];
        if (!next || next.dueMs > untilMs) return;
        this.remove(next);
        this.#fire(next);
      }
    } finally {
      this.endTurn();
    }
  }

  #fire(alarm: Alarm): void {
    if (!this.#troubles) {
      alarm.fire();
      return;
    }
    try {
      alarm.fire();
    } catch (error) {
      this.#troubles.failed(error);
    }
  }
}

/** One thing to do later. Made by `Agenda.alarm`. */
export class Alarm {
  readonly #agenda: Agenda;
  readonly #callback: () => void;
  dueMs = 0;
  /** Its place in the agenda's heap, -1 while it is not set. */
  index = -1;

  constructor(agenda: Agenda, callback: () => void) {
    this.#agenda = agenda;
    this.#callback = callback;
  }

  get isSet(): boolean {
    return this.index >= 0;
  }

  /** Fires in `delayMs`, whatever was set before. */
  set(delayMs: number): void {
    this.cancel();
    this.dueMs = this.#agenda.nowMs() + delayMs;
    this.#agenda.insert(this);
  }

  /** If it is set for earlier than in `delayMs`, it fires then. */
  setAtLeast(delayMs: number): void {
    if (this.isSet && this.dueMs < this.#agenda.nowMs() + delayMs) this.set(delayMs);
  }

  /** Fires in `delayMs`, or earlier where it was already set for earlier. */
  setAtMost(delayMs: number): void {
    if (this.isSet && this.dueMs <= this.#agenda.nowMs() + delayMs) return;
    this.set(delayMs);
  }

  cancel(): void {
    if (this.isSet) this.#agenda.remove(this);
  }

  fire(): void {
    this.#callback();
  }
}
