import type { DatagramListener, Datagrams } from '@medkit/edges';
import { HistoryFull, type Participant, type Sample } from '@medkit/rtps';
import { Scene } from '../../../packages/wire/rtps/src/testing/scene.ts';
import { octetsOf } from '../../../packages/wire/rtps/src/wire/guid-octets.ts';
import { Corpus } from './corpus.ts';
import { Endpoints, FLAVOUR_NAMES, type Flavour } from './flavours.ts';
import { Witness } from './witness.ts';

const TARGET = '10.0.0.1';
const HEALTHY = '10.0.0.2';
/** Participants whose names and datagrams the storm forges. */
const FORGED = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];
/** Short lease: they announce themselves often, so a participant that was forced to leave soon returns. */
const FORGED_LEASE_MS = 1500;

/**
 * One participant under attack, three peers whose traffic with it is corrupted, and a healthy peer. Each exchanges data
 * with the target through endpoints of every flavour, in both directions.
 */
export class AttackScene {
  readonly scene: Scene;
  readonly corpus = new Corpus();
  /** Receive callbacks of the target's sockets. */
  readonly listeners: DatagramListener[] = [];
  readonly prefixes: Uint8Array[] = [];
  readonly #fromHealthy = new Witness('from the healthy peer');
  readonly #toHealthy = new Witness('to the healthy peer');
  readonly #forged: { readonly participant: Participant; readonly endpoints: Endpoints }[] = [];
  #target: Participant | undefined;
  #own: Endpoints | undefined;
  #healthy: Endpoints | undefined;
  /**
   * First exception of a witness: participants swallow what their listeners throw, so it is stored and thrown from
   * here.
   */
  #seen: unknown;
  #turn = 0;
  #silenced = 0;

  constructor(seed: number) {
    this.scene = new Scene({ seed });
  }

  get target(): Participant {
    return this.#target!;
  }

  async open(): Promise<void> {
    const { scene } = this;
    this.#target = await scene.join('', { datagrams: this.#tapped(scene.network.host(TARGET)) });
    const healthy = await scene.join(HEALTHY);
    this.#own = new Endpoints(this.#target, 'out', (flavour, sample) => {
      if (sample.writer.guid.startsWith(healthy.guidPrefix)) this.#witness(this.#fromHealthy, flavour, sample);
    });
    this.#healthy = new Endpoints(healthy, 'in', (flavour, sample) => this.#witness(this.#toHealthy, flavour, sample));
    for (const address of FORGED) {
      const participant = await scene.join(address, { leaseMs: FORGED_LEASE_MS });
      this.#forged.push({ participant, endpoints: new Endpoints(participant, 'in', () => undefined) });
      this.prefixes.push(octetsOf(participant.guidPrefix));
    }
    // The target's prefix, the unknown prefix (zeros), and some invented ones that recur.
    this.prefixes.push(octetsOf(this.target.guidPrefix), new Uint8Array(12));
    for (let index = 0; index < 20; index += 1) this.prefixes.push(new Uint8Array(12).fill(index + 1));
    await scene.until(() => FLAVOUR_NAMES.every((flavour) => this.#matches(flavour) === 1 + FORGED.length));
    for (let round = 0; round < 100; round += 1) {
      this.exchange();
      await scene.pass(5);
    }
  }

  /** Every participant writes a number; the flavours take turns. */
  exchange(): void {
    const flavour = FLAVOUR_NAMES[this.#turn++ % FLAVOUR_NAMES.length];
    // The target's keep-all writer waits for every reader, including forged ones, so it is left out.
    if (flavour !== 'keep-all') this.#own!.write(flavour);
    this.#healthy!.write(flavour);
    for (const { endpoints } of this.#forged) this.#writeForged(endpoints, flavour);
    this.#check();
  }

  pass(ms: number): void {
    this.scene.clock.advance(ms);
    this.#check();
  }

  /** Returns the fraction of forged endpoints that the target is matched with: 0 to 1. */
  depth(): number {
    const matched = this.#forged.reduce((sum, { participant: { guidPrefix } }) => {
      const readers = FLAVOUR_NAMES.map((flavour) => this.#own!.readers[flavour].matched());
      return sum + readers.filter((writers) => writers.some(({ guid }) => guid.startsWith(guidPrefix))).length;
    }, 0);
    return matched / (FLAVOUR_NAMES.length * this.#forged.length);
  }

  /** True when all reliable numbers written between the target and the healthy peer have arrived. */
  isQuiet(): boolean {
    this.#check();
    return FLAVOUR_NAMES.every((flavour) => {
      if (flavour === 'best-effort') return true;
      const arrived = this.#fromHealthy.seen(flavour) === this.#healthy!.written(flavour);
      return arrived && this.#toHealthy.seen(flavour) === this.#own!.written(flavour);
    });
  }

  describe(): string {
    const counts = FLAVOUR_NAMES.map(
      (flavour) =>
        `${flavour} ${this.#fromHealthy.seen(flavour)}/${this.#healthy!.written(flavour)} in, ` +
        `${this.#toHealthy.seen(flavour)}/${this.#own!.written(flavour)} out`,
    );
    return `${counts.join('; ')}; forged writers that were silenced: ${this.#silenced}`;
  }

  /**
   * A datagram forged in a writer's name can make the target believe that it already received all samples of this
   * writer. Only this writer then waits in vain, so it is replaced.
   */
  #writeForged(endpoints: Endpoints, flavour: Flavour): void {
    if (endpoints.writers[flavour].matched().length === 0) return;
    try {
      endpoints.write(flavour);
    } catch (error) {
      if (!(error instanceof HistoryFull)) throw error;
      endpoints.renew(flavour);
      this.#silenced += 1;
    }
  }

  #matches(flavour: Flavour): number {
    return Math.min(this.#own!.writers[flavour].matched().length, this.#own!.readers[flavour].matched().length);
  }

  #witness(witness: Witness, flavour: Flavour, sample: Sample): void {
    try {
      witness.see(flavour, sample);
    } catch (error) {
      this.#seen ??= error;
    }
  }

  #check(): void {
    if (this.#seen !== undefined) throw this.#seen;
  }

  /** Records what the forged participants send to the target. */
  #tapped(datagrams: Datagrams): Datagrams {
    return {
      interfaces: () => datagrams.interfaces(),
      bind: (options) => {
        this.listeners.push(options.onDatagram);
        return datagrams.bind({
          ...options,
          onDatagram: (bytes, from) => {
            if (FORGED.includes(from.address)) this.corpus.add(bytes);
            options.onDatagram(bytes, from);
          },
        });
      },
    };
  }
}
