import assert from 'node:assert/strict';
import type { AgentProcess } from './agent-process.ts';
import { AgentStage } from './agent-stage.ts';
import { GATEWAY_UNAVAILABLE } from './simulated-picture.ts';

/** Ten times faster than in operation: 3.5 s of listening, a state every 3 s. */
const LISTEN_MS = 3500;
const SETTLE_MS = 100;
const INTERVAL_MS = 3000;
const GRACE_MS = 1000;
/** Longer than all waits of an agent: reconnect backoff, echoes, silence of another client, listening. */
const QUIET_MS = 90_000;

interface Watched {
  readonly process: AgentProcess;
  readonly data: string;
  /** True if it received a message of another client on the current connection. */
  hasOtherMessage: boolean;
}

/**
 * One serial number under random events from a seed: faults, agents killed and started, a broker that is unavailable or
 * hangs, broken connections, a silent gateway, and the robot's own client. Checks every message at the moment an agent
 * publishes it.
 */
export class SerialStress {
  readonly #stage: AgentStage;
  readonly #agents = new Map<string, Watched>();
  readonly #standing = new Set<string>();
  readonly story: string[] = [];
  #isForeign = false;
  #isBrokerAway = false;
  #faults = 0;
  /** Number of states that agents have published. */
  states = 0;

  constructor(seed: number) {
    this.#stage = new AgentStage({ seed });
  }

  /** Causes `count` random events. */
  async trouble(count: number): Promise<void> {
    await this.#startAgent('/one');
    await this.#pass(this.#upTo(8000));
    for (let at = 0; at < count; at++) {
      await this.#anything();
      await this.#pass(this.#stage.random.float() < 0.3 ? this.#upTo(200) : this.#upTo(4000));
    }
  }

  /** Restores everything, with one agent and no other client, then checks what the fleet sees. */
  async settle(): Promise<void> {
    this.#log('quiet');
    this.#startBroker();
    this.#stage.broker.resume();
    this.#stage.picture.change({ gatewayProblem: undefined });
    if (this.#isForeign) this.#foreignLeaves();
    await this.#killAgent('/two');
    if (!this.#agents.has('/one')) await this.#startAgent('/one');
    await this.#pass(QUIET_MS);
    const { agent } = this.#agentOf('/one').process;
    assert.equal(agent.role, 'sole', JSON.stringify(agent.health()));
    assert.equal(this.#stage.connection, 'ONLINE');
    assert.deepEqual(this.#stage.feedErrors, [...this.#standing]);
    await this.#stop('/one');
    assert.notEqual(this.#stage.connection, 'ONLINE', 'an ONLINE stays although no client is connected');
  }

  async #anything(): Promise<void> {
    const events: readonly (() => void | Promise<void>)[] = [
      this.#faultComes,
      this.#faultComes,
      this.#faultGoes,
      this.#faultGoes,
      this.#gatewayTurns,
      this.#brokerTurns,
      this.#brokerStandsStill,
      this.#connectionIsCut,
      this.#oneTurns,
      this.#twoTurns,
      this.#foreignTurns,
    ];
    await events[Math.floor(this.#stage.random.float() * events.length)]?.call(this);
  }

  #faultComes(): void {
    this.#log(`fault ${++this.#faults}`);
    this.#standing.add(`FAULT_${this.#faults}`);
    this.#stage.picture.setErrors(...this.#standing);
  }

  #faultGoes(): void {
    const [oldest] = this.#standing;
    if (oldest === undefined) return;
    this.#log(`no ${oldest}`);
    this.#standing.delete(oldest);
    this.#stage.picture.setErrors(...this.#standing);
  }

  #gatewayTurns(): void {
    const isAway = this.#stage.picture.picture?.gatewayProblem !== undefined;
    this.#log(isAway ? 'gateway back' : 'gateway silent');
    this.#stage.picture.change({ gatewayProblem: isAway ? undefined : GATEWAY_UNAVAILABLE });
  }

  #brokerTurns(): void {
    if (this.#isBrokerAway) {
      this.#startBroker();
      return;
    }
    this.#log('broker away');
    this.#isBrokerAway = true;
    this.#stage.broker.stop();
  }

  #startBroker(): void {
    if (!this.#isBrokerAway) return;
    this.#log('broker back');
    this.#isBrokerAway = false;
    this.#stage.broker.start();
  }

  async #brokerStandsStill(): Promise<void> {
    this.#log('broker stands still');
    this.#stage.broker.stall();
    await this.#pass(this.#upTo(8000));
    this.#log('broker goes on');
    this.#stage.broker.resume();
  }

  #connectionIsCut(): void {
    const { broker, random } = this.#stage;
    const clientId = broker.clients[Math.floor(random.float() * broker.clients.length)];
    if (clientId === undefined) return;
    this.#log('connection cut');
    broker.kill(clientId);
  }

  async #oneTurns(): Promise<void> {
    await (this.#agents.has('/one') ? this.#endAgent('/one') : this.#startAgent('/one'));
  }

  async #twoTurns(): Promise<void> {
    await (this.#agents.has('/two') ? this.#endAgent('/two') : this.#startAgent('/two'));
  }

  #foreignTurns(): void {
    if (this.#isBrokerAway) return;
    if (this.#isForeign) {
      this.#foreignLeaves();
      return;
    }
    // A foreign client is rare; each time the agent cedes.
    if (this.#stage.random.float() < 0.8) return;
    this.#log('foreign client comes');
    this.#isForeign = true;
    this.#stage.foreignWord('ONLINE');
    this.#stage.foreignState();
  }

  #foreignLeaves(): void {
    this.#log('foreign client goes');
    this.#isForeign = false;
    this.#stage.foreignWord('OFFLINE');
  }

  async #startAgent(data: string): Promise<void> {
    this.#log(`${data} starts`);
    const watched: Watched = {
      data,
      hasOtherMessage: false,
      process: this.#stage.agent({
        data,
        terms: {
          robot: this.#stage.robot,
          mode: 'sole',
          listenMs: LISTEN_MS,
          settleMs: SETTLE_MS,
          stateIntervalMs: INTERVAL_MS,
          gatewayGraceMs: GRACE_MS,
        },
        events: {
          onConnect: () => {
            watched.hasOtherMessage = false;
          },
          onPublish: (topic, payload) => this.#judge(watched, topic, payload),
          onMessage: ({ topic, retained, payload }) => {
            if (retained || topic !== this.#stage.topic('state')) return;
            if (!this.#sentTexts(watched).has(Buffer.from(payload).toString())) watched.hasOtherMessage = true;
          },
        },
      }),
    };
    this.#agents.set(data, watched);
    await watched.process.start();
  }

  readonly #texts = new WeakMap<Watched, Set<string>>();

  #sentTexts(watched: Watched): Set<string> {
    const texts = this.#texts.get(watched) ?? new Set();
    this.#texts.set(watched, texts);
    return texts;
  }

  /** Checks that a published state is correct at that moment, and that no other client was received. */
  #judge(watched: Watched, topic: string, payload: string): void {
    if (topic !== this.#stage.topic('state')) return;
    this.states += 1;
    this.#sentTexts(watched).add(payload);
    const { content } = this.#stage.protocol.decodeState(Buffer.from(payload));
    const { picture } = this.#stage.picture;
    assert.equal(picture?.gatewayProblem, undefined, 'a state while the state of the robot is unknown');
    assert.deepEqual(
      content.errors.map(({ type }) => type),
      [...this.#standing],
      'errors that are not those of the robot now',
    );
    assert.equal(watched.hasOtherMessage, false, `${watched.data} sends a state beside another client`);
    assert.equal(watched.process.agent.role, 'sole');
  }

  async #endAgent(data: string): Promise<void> {
    await (this.#stage.random.float() < 0.7 ? this.#killAgent(data) : this.#stop(data));
  }

  async #killAgent(data: string): Promise<void> {
    if (!this.#agents.has(data)) return;
    this.#log(`${data} is killed`);
    this.#agentOf(data).process.kill();
    this.#agents.delete(data);
  }

  async #stop(data: string): Promise<void> {
    this.#log(`${data} stops`);
    const stopped = this.#agentOf(data).process.agent.stop();
    this.#agents.delete(data);
    await this.#pass(3100);
    await stopped;
  }

  #agentOf(data: string): Watched {
    const watched = this.#agents.get(data);
    assert.ok(watched, `${data} runs`);
    return watched;
  }

  /** Advances the time while the foreign client sends its states. */
  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= INTERVAL_MS) {
      await this.#stage.pass(Math.min(left, INTERVAL_MS), 25);
      if (this.#isForeign && !this.#isBrokerAway) this.#stage.foreignState();
    }
  }

  #upTo = (ms: number): number => Math.ceil(this.#stage.random.float() * ms);

  #log(what: string): void {
    this.story.push(`${this.#stage.clock.monotonicMs()} ${what}`);
  }
}
