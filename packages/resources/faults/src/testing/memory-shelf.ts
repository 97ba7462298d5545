import type { BagOptions, BagShelf } from '../recordings/files/bag.ts';
import { type BlockSample, samplesOf } from '../recordings/files/sample-block.ts';
import type { TopicDescription } from '../recordings/tap/tap-provider.ts';

export interface MemoryBag {
  readonly options: BagOptions;
  readonly topics: TopicDescription[];
  readonly samples: BlockSample[];
  state: 'writing' | 'finished' | 'discarded' | 'removed';
}

/** In-memory recordings. Writes fail while `failure` is set, and wait while there is a `gate`. */
export class MemoryShelf implements BagShelf {
  readonly bags: MemoryBag[] = [];
  readonly swept: string[] = [];
  failure: Error | undefined;
  gate: Promise<void> | undefined;

  async open(options: BagOptions) {
    await this.#pass();
    const bag: MemoryBag = { options, topics: [], samples: [], state: 'writing' };
    this.bags.push(bag);
    return {
      write: async (block: Parameters<typeof samplesOf>[0]) => {
        await this.#pass();
        bag.topics.push(...block.newTopics);
        bag.samples.push(...samplesOf(block));
      },
      finish: async () => {
        await this.#pass();
        bag.state = 'finished';
        const path = `${options.folder}/${options.id}`;
        return { path, octets: 1000, messageCount: bag.samples.length };
      },
      discard: async () => {
        bag.state = 'discarded';
      },
    };
  }

  async sweep(folder: string): Promise<void> {
    this.swept.push(folder);
  }

  async remove(path: string): Promise<void> {
    const bag = this.bags.find(({ options }) => `${options.folder}/${options.id}` === path);
    if (bag) bag.state = 'removed';
  }

  async #pass(): Promise<void> {
    await this.gate;
    if (this.failure) throw this.failure;
  }
}
