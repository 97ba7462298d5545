import type { Clock, Timer } from '@medkit/edges';

/**
 * Resolution of Node timers, which fire up to this much early. Alarms that are due closer together fire together, so
 * the process does not wake twice.
 */
const RESOLUTION_MS = 1;
/**
 * Maximum alarms fired before received datagrams are read. With hundreds of peers, these datagrams answer much of what
 * the next alarms would request again. Node reads at most 32 datagrams of a socket per turn.
 */
const ALARMS_PER_TURN = 16;

/**
 * Minimum interval between postponements of the timer. At a thousand samples a second, postponing it more often would
 * cost more than letting it fire in vain.
 */
const PUT_OFF_MS = 2;

/** Delay of a timer beyond which the process counts as suspended, or its only thread as blocked. */
const PROCESS_PAUSE_MS = 250;

interface Turns {
  beginTurn(): void;
  endTurn(): void;
}

interface Troubles {
  /** No alarm could fire and nothing was received for this long. Called before the first late alarm fires. */
  processPaused(ms: number): void;
  /** An alarm threw. The other alarms fire normally. */
  failed(error: unknown): void;
}

/**
 * Schedules all alarms of one participant with a single timer of the clock: a heap ordered by due time. Postponing an
 * acknowledgement or heartbeat a thousand times a second costs a comparison, not a timer.
 */
export class Agenda {
  readonly #clock: Clock;
  readonly #turns: Turns | undefined;
  readonly #troubles: Troubles | undefined;
  readonly #heap: Alarm[] = [];
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  /** The earliest time at which the timer should fire. */
  #expectedMs = 0;
  #putOffMs = Number.NEGATIVE_INFINITY;
  #isTurn = false;
  #stopped = false;

  /** `turns` is notified when alarms start to fire and when those of the turn have fired. */
  constructor(clock: Clock, turns?: Turns, troubles?: Troubles) {
    this.#clock = clock;
    this.#turns = turns;
    this.#troubles = troubles;
  }

  /** Starts a batch of work that may set and cancel many alarms. The timer is set once, when the batch ends. */
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

  /** Creates an alarm that calls `callback`. It is inactive until it is set. */
  alarm(callback: () => void): Alarm {
    return new Alarm(this, callback);
  }

  /** Cancels all alarms permanently. */
  stop(): void {
    this.#timer?.cancel();
    this.#heap.length = 0;
    this.#stopped = true;
  }

  /** Called by `Alarm` only. */
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

  /** Called by `Alarm` only. */
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
      // The alarm that the timer was set for was cancelled, so the process need not wake for it.
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
    if (nowMs - this.#expectedMs > PROCESS_PAUSE_MS) this.#troubles?.processPaused(nowMs - this.#expectedMs);
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

/** A delayed callback, created by `Agenda.alarm`. */
export class Alarm {
  readonly #agenda: Agenda;
  readonly #callback: () => void;
  dueMs = 0;
  /** Its index in the agenda's heap, -1 while it is not set. */
  index = -1;

  constructor(agenda: Agenda, callback: () => void) {
    this.#agenda = agenda;
    this.#callback = callback;
  }

  get isSet(): boolean {
    return this.index >= 0;
  }

  /** Fires in `delayMs`, replacing any earlier setting. */
  set(delayMs: number): void {
    this.cancel();
    this.dueMs = this.#agenda.nowMs() + delayMs;
    this.#agenda.insert(this);
  }

  /** If it is set to fire before `delayMs` have passed, postpones it to `delayMs` from now. */
  setAtLeast(delayMs: number): void {
    if (this.isSet && this.dueMs < this.#agenda.nowMs() + delayMs) this.set(delayMs);
  }

  /** Fires in `delayMs`, or earlier if it is already set for earlier. */
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
